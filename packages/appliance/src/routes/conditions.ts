/** Filters of the documented routes as conditions of the Advanced Search language. */

export interface ConnectionFilters {
  ddid?: number;
  odid?: number;
  externalhostname?: string;
  intext?: string;
  applicationprotocol?: string;
  protocol?: string;
  port?: number;
  sourceport?: number;
  destinationport?: number;
  uid?: string;
}

/** A text as one term of the language. */
export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmp'],
]);

/** One condition per filter that was given; `did` is the device that is looked at. */
export function conditionsOf(filters: ConnectionFilters, did?: number): string[] {
  const { ddid, odid, externalhostname, intext, applicationprotocol, protocol } = filters;
  const conditions: string[] = [];
  if (ddid !== undefined) conditions.push(`dest_did:${ddid}`);
  if (odid !== undefined) conditions.push(`(source_did:${odid} OR dest_did:${odid})`);
  if (externalhostname) conditions.push(quoted(externalhostname));
  if (/^internal$/i.test(intext ?? '')) conditions.push('NOT source_did:0 AND NOT dest_did:0');
  if (/^external$/i.test(intext ?? '')) conditions.push('(source_did:0 OR dest_did:0)');
  if (applicationprotocol)
    conditions.push(`service:*${applicationprotocol.toLowerCase().replace(/\W/g, '')}*`);
  if (protocol) conditions.push(`proto:${quoted(PROTOCOLS.get(protocol) ?? protocol.toLowerCase())}`);
  for (const [name, field] of PORTS) {
    const value = filters[name];
    if (value !== undefined) conditions.push(`${field}:${value}`);
  }
  if (filters.uid) conditions.push(`uid:${quoted(filters.uid)}`);
  return did === undefined ? conditions : [`(source_did:${did} OR dest_did:${did})`, ...conditions];
}

const PORTS = [
  ['port', 'port'],
  ['sourceport', 'source_port'],
  ['destinationport', 'dest_port'],
] as const;
