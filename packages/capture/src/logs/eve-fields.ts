/** Which event of Suricata's EVE JSON becomes which record, field by field. Suricata user guide, "EVE JSON Format". */
import type { Value } from './values.ts';
import { isoToMs } from './values.ts';
import type { JsonObject } from './zeek-json.ts';

/** An event, with its values found by path: `flow.pkts_toserver`. */
export class Event {
  readonly object: JsonObject;
  /** What earlier events of the same flow said: path of the share, UUID of the interface. */
  share: string | undefined;
  bound: string | undefined;

  constructor(object: JsonObject) {
    this.object = object;
  }

  at(path: string): unknown {
    let value: unknown = this.object;
    for (const key of path.split('.')) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as JsonObject)[key];
    }
    return value ?? undefined;
  }

  text(path: string): string | undefined {
    const value = this.at(path);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  number(path: string): number | undefined {
    const value = Number(this.at(path));
    return Number.isFinite(value) ? value : undefined;
  }

  /** A counter: never negative, never a fraction. */
  count(path: string): number | undefined {
    const value = this.number(path);
    return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  }

  is(path: string): boolean {
    return this.at(path) === true;
  }

  time(path: string): number | undefined {
    const value = this.at(path);
    return typeof value === 'string' ? isoToMs(value) : undefined;
  }

  texts(path: string): string[] {
    const value = this.at(path);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  objects(path: string): Event[] {
    const value = this.at(path);
    const isObject = (item: unknown) => typeof item === 'object' && item !== null;
    return Array.isArray(value) ? value.filter(isObject).map((item) => new Event(item as JsonObject)) : [];
  }
}

export type Values = Readonly<Record<string, Value | undefined>>;

export interface EventMapping {
  kind: string;
  /** Values beyond time, uid and tuple; undefined if the event makes no record of this kind. */
  values(event: Event): Values | undefined;
}

/** Zeek's names of protocols where Suricata has others. */
const SERVICES: Readonly<Record<string, string | undefined>> = {
  tls: 'ssl',
  krb5: 'krb',
  dcerpc: 'dce_rpc',
  failed: undefined,
  unknown: undefined,
};

const serviceOf = (name: string | undefined): string | undefined =>
  name !== undefined && name in SERVICES ? SERVICES[name] : name;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;

/** Zeek's word for how a connection went, as far as the flags that either side sent tell it. */
function connState(event: Event): string {
  const replies = event.count('flow.pkts_toclient') ?? 0;
  if (event.text('proto')?.toUpperCase() !== 'TCP') return replies > 0 ? 'SF' : 'S0';
  const flags = (path: string) => Number.parseInt(event.text(path) ?? '0', 16);
  const [out, back] = [flags('tcp.tcp_flags_ts'), flags('tcp.tcp_flags_tc')];
  if ((out & SYN) === 0) return 'OTH';
  if (replies === 0) return (out & RST) !== 0 ? 'RSTOS0' : (out & FIN) !== 0 ? 'SH' : 'S0';
  if ((back & SYN) === 0) return (back & RST) !== 0 ? 'REJ' : 'OTH';
  if ((out & RST) !== 0) return 'RSTO';
  if ((back & RST) !== 0) return 'RSTR';
  if ((out & back & FIN) !== 0) return 'SF';
  return (out & FIN) !== 0 ? 'S2' : (back & FIN) !== 0 ? 'S3' : 'S1';
}

const ETHERNET = 14;
const TRANSPORT: Readonly<Record<string, number>> = { TCP: 20, UDP: 8, ICMP: 8, 'IPV6-ICMP': 8 };

/** Suricata counts whole frames; Zeek counts IP packets, and payloads. Headers are taken to have no options. */
function sizes(event: Event, side: 'toserver' | 'toclient'): [ip: number, payload: number] {
  const packets = event.count(`flow.pkts_${side}`) ?? 0;
  const bytes = event.count(`flow.bytes_${side}`) ?? 0;
  const ip = Math.max(0, bytes - packets * ETHERNET);
  const header = event.text('src_ip')?.includes(':') ? 40 : 20;
  const transport = TRANSPORT[event.text('proto')?.toUpperCase() ?? ''] ?? 0;
  return [ip, Math.max(0, ip - packets * (header + transport))];
}

function flowValues(event: Event): Values {
  const [origIp, origBytes] = sizes(event, 'toserver');
  const [respIp, respBytes] = sizes(event, 'toclient');
  const [start, end] = [event.time('flow.start'), event.time('flow.end')];
  return {
    ts: start,
    proto: transportOf(event),
    service: serviceOf(event.text('app_proto')),
    duration: start === undefined || end === undefined ? undefined : Math.max(0, end - start),
    orig_bytes: origBytes,
    resp_bytes: respBytes,
    conn_state: connState(event),
    orig_pkts: event.count('flow.pkts_toserver'),
    orig_ip_bytes: origIp,
    resp_pkts: event.count('flow.pkts_toclient'),
    resp_ip_bytes: respIp,
    orig_l2_addr: event.texts('ether.src_macs')[0],
    resp_l2_addr: event.texts('ether.dest_macs')[0],
    community_id: event.text('community_id'),
  };
}

/** Zeek's names of transports. */
export function transportOf(event: Event): string {
  const proto = event.text('proto')?.toLowerCase() ?? '';
  if (proto === 'ipv6-icmp') return 'icmp';
  return ['tcp', 'udp', 'icmp'].includes(proto) ? proto : 'unknown_transport';
}

const httpValues = (event: Event): Values => ({
  trans_depth: (event.count('tx_id') ?? 0) + 1,
  method: event.text('http.http_method'),
  host: event.text('http.hostname'),
  uri: event.text('http.url'),
  referrer: event.text('http.http_refer'),
  version: event.text('http.protocol')?.replace('HTTP/', ''),
  user_agent: event.text('http.http_user_agent'),
  response_body_len: event.count('http.length'),
  status_code: event.count('http.status'),
  resp_mime_types: event.text('http.http_content_type')?.split(';', 1),
});

function tlsValues(event: Event): Values {
  const [subject, issuer] = [event.text('tls.subject'), event.text('tls.issuerdn')];
  return {
    version: event
      .text('tls.version')
      ?.replace(/^TLS 1\.0$|^TLSv1$/, 'TLSv10')
      .replace(/^TLS 1\./, 'TLSv1')
      .replace(/^TLSv1 1\./, 'TLSv1'),
    server_name: event.text('tls.sni'),
    resumed: event.is('tls.session_resumed'),
    next_protocol: event.texts('tls.server_alpns')[0],
    established:
      subject !== undefined || event.is('tls.session_resumed') || event.at('tls.ja3s') !== undefined,
    subject,
    issuer,
    self_signed: subject === undefined ? undefined : subject === issuer,
    ja3: event.text('tls.ja3.hash'),
    ja3s: event.text('tls.ja3s.hash'),
    ja4: event.text('tls.ja4'),
  };
}

function kerberosValues(event: Event): Values {
  const [type, realm] = [event.text('krb5.msg_type') ?? '', event.text('krb5.realm')];
  const [client, error] = [event.text('krb5.cname'), event.text('krb5.error_code')];
  const asked = event.text('krb5.failed_request') ?? type;
  return {
    request_type: /TGS/.test(asked) ? 'TGS' : /AS/.test(asked) ? 'AS' : undefined,
    client: client === undefined ? undefined : realm === undefined ? client : `${client}/${realm}`,
    service: event.text('krb5.sname'),
    success: !/ERROR/.test(type) && error === undefined,
    error_msg: error,
    cipher: event.text('krb5.encryption'),
  };
}

const dhcpValues = (event: Event): Values => ({
  uids: [],
  uid: event.text('flow_id'),
  client_addr: named(event.text('dhcp.client_ip')),
  server_addr: event.text('dhcp.type') === 'reply' ? event.text('src_ip') : undefined,
  mac: event.text('dhcp.client_mac'),
  host_name: event.text('dhcp.hostname'),
  requested_addr: event.text('dhcp.requested_ip'),
  assigned_addr: named(event.text('dhcp.assigned_ip')),
  lease_time: (event.number('dhcp.lease_time') ?? Number.NaN) * 1e3,
  msg_types: [event.text('dhcp.dhcp_type')?.toUpperCase() ?? ''].filter((type) => type !== ''),
  vendor_class: event.text('dhcp.vendor_class_identifier'),
});

const named = (address: string | undefined): string | undefined =>
  address === '0.0.0.0' ? undefined : address;

const sshValues = (event: Event): Values => ({
  version: /^2|^1\.99/.test(event.text('ssh.client.proto_version') ?? '') ? 2 : 1,
  client: banner(event, 'client'),
  server: banner(event, 'server'),
  hassh: event.text('ssh.client.hassh.hash'),
  hassh_server: event.text('ssh.server.hassh.hash'),
});

function banner(event: Event, side: string): string | undefined {
  const [proto, software] = [
    event.text(`ssh.${side}.proto_version`),
    event.text(`ssh.${side}.software_version`),
  ];
  return proto === undefined ? undefined : `SSH-${proto}-${software ?? ''}`;
}

const fileValues = (event: Event): Values => ({
  fuid: `F${event.text('flow_id') ?? ''}-${event.text('tx_id') ?? '0'}-${event.text('fileinfo.file_id') ?? '0'}`,
  source: event.text('app_proto')?.toUpperCase(),
  mime_type: event.text('fileinfo.mimetype'),
  filename: event.text('fileinfo.filename'),
  seen_bytes: event.count('fileinfo.size'),
  total_bytes: event.text('fileinfo.state') === 'CLOSED' ? event.count('fileinfo.size') : undefined,
  timedout: event.text('fileinfo.state') === 'UNKNOWN',
  md5: event.text('fileinfo.md5'),
  sha1: event.text('fileinfo.sha1'),
  sha256: event.text('fileinfo.sha256'),
});

function shareValues(event: Event): Values | undefined {
  const { share } = event;
  if (share === undefined || !/TREE_CONNECT/.test(event.text('smb.command') ?? '')) return undefined;
  return { path: share, share_type: event.text('smb.share_type') };
}

/** What a command does to a file, in Zeek's words. Opening for writing anew is told as Zeek tells it: an open. */
function fileAction(event: Event): string {
  const command = event.text('smb.command') ?? '';
  if (event.at('smb.rename') !== undefined) return 'FILE_RENAME';
  if (event.text('smb.access') === 'delete on close') return 'FILE_DELETE';
  return `FILE_${/WRITE|READ|CLOSE/.exec(command)?.[0] ?? 'OPEN'}`;
}

function smbFileValues(event: Event): Values | undefined {
  const name = event.text('smb.rename.from') ?? event.text('smb.filename');
  const status = event.text('smb.status') ?? 'STATUS_SUCCESS';
  if (name === undefined || status !== 'STATUS_SUCCESS') return undefined;
  const to = event.text('smb.rename.to');
  const action = fileAction(event);
  return {
    action: `SMB::${action}`,
    path: event.share,
    name: to ?? name,
    size: event.count('smb.size'),
    prev_name: to === undefined ? undefined : name,
    times_modified: fileTime(event, 'smb.modified'),
    times_accessed: fileTime(event, 'smb.accessed'),
    times_created: fileTime(event, 'smb.created'),
    times_changed: fileTime(event, 'smb.changed'),
  };
}

/** Whole seconds since the epoch. */
function fileTime(event: Event, path: string): number | undefined {
  const seconds = event.count(path);
  return seconds ? seconds * 1e3 : undefined;
}

function ntlmValues(event: Event): Values | undefined {
  if (event.at('smb.ntlmssp') === undefined) return undefined;
  return {
    username: event.text('smb.ntlmssp.user'),
    hostname: event.text('smb.ntlmssp.host'),
    domainname: event.text('smb.ntlmssp.domain'),
    success:
      event.text('smb.status') === undefined ? undefined : event.text('smb.status') === 'STATUS_SUCCESS',
  };
}

/** Suricata gives numbers of interfaces and operations, and Zeek writes those that it has no name for like this. */
function callValues(event: Event): Values | undefined {
  const path = event.at('smb.dcerpc') === undefined ? 'dcerpc' : 'smb.dcerpc';
  const operation = event.count(`${path}.req.opnum`) ?? event.count(`${path}.opnum`);
  if (operation === undefined) return undefined;
  const uuid = event.objects(`${path}.interfaces`)[0]?.text('uuid') ?? event.bound;
  return {
    named_pipe: event.text('smb.named_pipe') ?? event.text('dest_port'),
    endpoint: uuid === undefined ? undefined : `unknown-${uuid}`,
    operation: `unknown-${operation}`,
  };
}

const rdpValues = (event: Event): Values => ({
  cookie: event.text('rdp.cookie'),
  client_build: event.text('rdp.client.build'),
  client_name: event.text('rdp.client.client_name'),
  keyboard_layout: event.text('rdp.client.keyboard_layout'),
  desktop_width: event.count('rdp.client.desktop_width'),
  desktop_height: event.count('rdp.client.desktop_height'),
  client_channels: event.texts('rdp.channels'),
});

const alertValues = (event: Event): Values => ({
  proto: transportOf(event),
  note: 'Suricata::Alert',
  msg: event.text('alert.signature'),
  sub: event.text('alert.category'),
  src: event.text('src_ip'),
  dst: event.text('dest_ip'),
  p: event.count('dest_port'),
  n: event.count('alert.signature_id'),
});

const anomalyValues = (event: Event): Values => ({
  name: event.text('anomaly.event'),
  addl: event.text('anomaly.layer'),
  source: 'SURICATA',
});

/** By type of event; one event may make several records. DNS is no part of this: queries meet their answers elsewhere. */
export const EVENTS: Readonly<Record<string, readonly EventMapping[]>> = {
  flow: [{ kind: 'conn', values: flowValues }],
  http: [{ kind: 'http', values: httpValues }],
  tls: [{ kind: 'ssl', values: tlsValues }],
  krb5: [{ kind: 'kerberos', values: kerberosValues }],
  dhcp: [{ kind: 'dhcp', values: dhcpValues }],
  ssh: [{ kind: 'ssh', values: sshValues }],
  fileinfo: [{ kind: 'files', values: fileValues }],
  smb: [
    { kind: 'smb_mapping', values: shareValues },
    { kind: 'smb_files', values: smbFileValues },
    { kind: 'ntlm', values: ntlmValues },
    { kind: 'dce_rpc', values: callValues },
  ],
  dcerpc: [{ kind: 'dce_rpc', values: callValues }],
  rdp: [{ kind: 'rdp', values: rdpValues }],
  alert: [{ kind: 'notice', values: alertValues }],
  anomaly: [{ kind: 'weird', values: anomalyValues }],
};
