/** A record as one line: who, whom, and what its kind tells most. */
import { formatBytes } from './quantity.ts';
import { formatDuration } from './time-format.ts';

export type SearchHit = { kind: string; ts: number } & Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** `10.0.0.1:443`, `[2001:db8::1]:443`; without port where there is none. */
export function endpointOf(ip: unknown, port: unknown): string {
  const address = text(ip);
  if (address === '') return '';
  if (port === undefined || port === null) return address;
  return address.includes(':') ? `[${address}]:${text(port)}` : `${address}:${text(port)}`;
}

function connection(hit: SearchHit): string {
  const out = number(hit['orig_bytes']);
  const back = number(hit['resp_bytes']);
  const duration = number(hit['duration']);
  return join([
    text(hit['proto']),
    text(hit['service']),
    text(hit['conn_state']),
    out !== undefined && `↑ ${formatBytes(out)}`,
    back !== undefined && `↓ ${formatBytes(back)}`,
    duration !== undefined && formatDuration(duration),
  ]);
}

const join = (parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join('  ');
const list = (value: unknown): string => (Array.isArray(value) ? value.map(text).join(', ') : text(value));

/** What each kind tells; kinds without an entry tell their first fields. */
const TELLERS: Readonly<Record<string, (hit: SearchHit) => string>> = {
  conn: connection,
  conn_update: connection,
  dns: (h) =>
    join([
      text(h['qtype_name']),
      text(h['query']),
      text(h['rcode_name']),
      list(h['answers']) && `→ ${list(h['answers'])}`,
    ]),
  http: (h) =>
    join([
      text(h['method']),
      `${text(h['host'])}${text(h['uri'])}`,
      text(h['status_code']),
      text(h['user_agent']),
    ]),
  ssl: (h) => join([text(h['server_name']), text(h['version']), text(h['cipher'])]),
  x509: (h) =>
    join([
      text(h['certificate_subject'] ?? h['certificate.subject']),
      text(h['certificate_issuer'] ?? h['certificate.issuer']),
    ]),
  kerberos: (h) =>
    join([text(h['request_type']), text(h['client']), text(h['service']), text(h['error_msg'])]),
  ssh: (h) => join([text(h['client']), text(h['server']), h['auth_success'] === true && 'logged in']),
  dhcp: (h) => join([list(h['msg_types']), text(h['mac']), text(h['host_name']), text(h['assigned_addr'])]),
  smb_files: (h) => join([text(h['action']), text(h['path']), text(h['name'])]),
  smb_mapping: (h) => join([text(h['path']), text(h['share_type'])]),
  dce_rpc: (h) => join([text(h['endpoint']), text(h['operation']), text(h['named_pipe'])]),
  ntlm: (h) =>
    join([
      text(h['username']),
      text(h['hostname']),
      text(h['domainname']),
      h['success'] === false && 'failed',
    ]),
  rdp: (h) => join([text(h['cookie']), text(h['result']), text(h['client_name'])]),
  files: (h) => join([text(h['mime_type']), text(h['filename']), text(h['sha1'])]),
  notice: (h) => join([text(h['note']), text(h['msg'])]),
  weird: (h) => join([text(h['name']), text(h['addl'])]),
};

/** Columns that lines show by themselves, or that tell nobody anything. */
const ELSEWHERE = new Set([
  'kind',
  'ts',
  'uid',
  'source_ip',
  'source_port',
  'dest_ip',
  'dest_port',
  'source_did',
  'dest_did',
  'stored',
]);

/** What the record says, without its ends. */
export function tellRecord(hit: SearchHit): string {
  const told = TELLERS[hit.kind]?.(hit);
  if (told) return told;
  return fieldsOf(hit)
    .filter(([name]) => !ELSEWHERE.has(name))
    .slice(0, 5)
    .map(([name, value]) => `${name}=${list(value)}`)
    .join('  ');
}

/** All fields that are set, in the record's own order. */
export function fieldsOf(hit: SearchHit): [string, unknown][] {
  return Object.entries(hit).filter(
    ([, value]) =>
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
}
