import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '@thymus/core';
import { EveJson } from './eve-json.ts';

const HEAD = {
  timestamp: '2024-05-01T10:00:00.250000+0200',
  flow_id: 123_456,
  src_ip: '10.0.0.1',
  src_port: 50_000,
  dest_ip: '10.0.0.2',
  dest_port: 445,
  proto: 'TCP',
};
const TS = 1_714_550_400_250;

/** The records of some events, given as type and what they have beyond the head. */
function records(...events: [type: string, extra: object][]): LogRecord[] {
  const eve = new EveJson();
  const made = events.flatMap(([event_type, extra]) => {
    const result = eve.line(JSON.stringify({ ...HEAD, event_type, ...extra }));
    assert.ok('records' in result, JSON.stringify(result));
    return result.records;
  });
  return [...made, ...eve.end()];
}

const one = (type: string, extra: object): Record<string, unknown> => {
  const [record, ...others] = records([type, extra]);
  assert.deepEqual(others, []);
  return { ...record };
};

const flow = (changes: object, flags: [string, string], proto = 'TCP') => ({
  proto,
  app_proto: 'tls',
  flow: {
    pkts_toserver: 3,
    pkts_toclient: 2,
    bytes_toserver: 400,
    bytes_toclient: 200,
    start: '2024-05-01T08:00:00.000001+0000',
    end: '2024-05-01T08:00:01.500001+0000',
    ...changes,
  },
  tcp: { tcp_flags_ts: flags[0], tcp_flags_tc: flags[1] },
});

test('a flow becomes a connection with its start, its length and sizes without frame headers', () => {
  assert.deepEqual(one('flow', { ...flow({}, ['1b', '1b']), community_id: '1:x' }), {
    kind: 'conn',
    ts: 1_714_550_400_000.001,
    uid: '123456',
    source_ip: '10.0.0.1',
    source_port: 50_000,
    dest_ip: '10.0.0.2',
    dest_port: 445,
    proto: 'tcp',
    service: 'ssl',
    duration: 1500,
    orig_bytes: 400 - 3 * (14 + 20 + 20),
    resp_bytes: 200 - 2 * (14 + 20 + 20),
    conn_state: 'SF',
    missed_bytes: 0,
    orig_pkts: 3,
    orig_ip_bytes: 400 - 3 * 14,
    resp_pkts: 2,
    resp_ip_bytes: 200 - 2 * 14,
    community_id: '1:x',
  });
});

test('the flags of both sides tell how a connection went', () => {
  const none = { pkts_toclient: 0 };
  const cases: [changes: object, flags: [string, string], state: string][] = [
    [none, ['02', '00'], 'S0'],
    [none, ['03', '00'], 'SH'],
    [none, ['06', '00'], 'RSTOS0'],
    [{}, ['18', '18'], 'OTH'],
    [{}, ['02', '14'], 'REJ'],
    [{}, ['02', '10'], 'OTH'],
    [{}, ['1e', '1a'], 'RSTO'],
    [{}, ['1a', '1e'], 'RSTR'],
    [{}, ['1a', '1a'], 'S1'],
    [{}, ['1b', '1a'], 'S2'],
    [{}, ['1a', '1b'], 'S3'],
  ];
  for (const [changes, flags, state] of cases)
    assert.equal(one('flow', flow(changes, flags))['conn_state'], state, flags.join());
  assert.equal(one('flow', flow(none, ['', ''], 'UDP'))['conn_state'], 'S0');
  assert.equal(one('flow', flow({}, ['', ''], 'UDP'))['conn_state'], 'SF');
});

test('transports have the names that Zeek gives them, ICMP its type and code for ports', () => {
  const icmp = one('flow', {
    ...flow({}, ['', ''], 'IPv6-ICMP'),
    src_port: undefined,
    dest_port: undefined,
    icmp_type: 128,
    icmp_code: 0,
    src_ip: 'FE80::0:1',
  });
  assert.deepEqual(
    [icmp['proto'], icmp['source_port'], icmp['dest_port'], icmp['source_ip']],
    ['icmp', 128, 0, 'fe80::1'],
  );
  assert.equal(one('flow', flow({}, ['', ''], 'SCTP'))['proto'], 'unknown_transport');
});

test('a query and its answer become one record, in version 2 of the event', () => {
  const query = { proto: 'UDP', dest_port: 53, dns: { type: 'query', id: 7, rrname: 'a.test', rrtype: 'A' } };
  const answer = {
    proto: 'UDP',
    src_ip: '10.0.0.2',
    src_port: 53,
    dest_ip: '10.0.0.1',
    dest_port: 50_000,
    timestamp: '2024-05-01T10:00:00.300000+0200',
    dns: {
      type: 'answer',
      id: 7,
      rrname: 'a.test',
      rrtype: 'A',
      rcode: 'NOERROR',
      aa: true,
      rd: true,
      ra: true,
      answers: [{ rdata: '10.9.9.9', ttl: 60 }, { rrtype: 'X' }],
    },
  };
  const [record, ...others] = records(['dns', query], ['dns', answer]);
  assert.deepEqual(others, []);
  assert.ok(record?.kind === 'dns');
  assert.deepEqual([record.ts, record.rtt, record.source_ip, record.dest_port], [TS, 50, '10.0.0.1', 53]);
  assert.deepEqual([record.query, record.qtype_name, record.rcode_name], ['a.test', 'A', 'NOERROR']);
  assert.deepEqual([record.answers, record.TTLs, record.AA, record.RD], [['10.9.9.9'], [60_000], true, true]);
  const [alone] = records(['dns', answer]);
  assert.ok(alone?.kind === 'dns');
  assert.deepEqual(
    [alone.source_ip, alone.source_port, alone.dest_ip, alone.dest_port],
    ['10.0.0.1', 50_000, '10.0.0.2', 53],
  );
});

test('version 3 of the event has lists, and a query that nobody answers comes at the end', () => {
  const ask = (rrname: string) => ({
    dest_port: 53,
    dns: { type: 'request', id: 8, queries: [{ rrname, rrtype: 'AAAA' }] },
  });
  const refusal = {
    dest_port: 53,
    dns: { type: 'response', id: 8, rcode: 'REFUSED', queries: [{ rrname: 'x.test', rrtype: 'AAAA' }] },
  };
  const made = records(
    ['dns', ask('x.test')],
    ['dns', ask('y.test')],
    ['dns', refusal],
    ['dns', ask('y.test')],
  );
  assert.deepEqual(
    made.map((r) => (r.kind === 'dns' ? [r.query, r.rejected, r.rtt] : [])),
    [
      ['x.test', true, 0],
      ['y.test', false, undefined],
      ['y.test', false, undefined],
    ],
  );
});

test('queries that wait for an answer are bounded in number', () => {
  const eve = new EveJson();
  let given = 0;
  for (let id = 0; id < 10_000; id++) {
    const result = eve.line(
      JSON.stringify({ ...HEAD, event_type: 'dns', dns: { type: 'query', id, rrname: 'a' } }),
    );
    if ('records' in result) given += result.records.length;
  }
  assert.equal(given, 10_000 - 8192);
  assert.equal(eve.end().length, 8192);
});

const mapped: [type: string, extra: object, expected: Record<string, unknown>][] = [
  [
    'http',
    {
      http: {
        hostname: 'h',
        url: '/x',
        http_method: 'GET',
        protocol: 'HTTP/1.1',
        status: 200,
        length: 12,
        http_user_agent: 'ua',
        http_content_type: 'text/html; charset=x',
      },
      tx_id: 1,
    },
    {
      kind: 'http',
      ts: TS,
      host: 'h',
      uri: '/x',
      method: 'GET',
      version: '1.1',
      status_code: 200,
      response_body_len: 12,
      user_agent: 'ua',
      resp_mime_types: ['text/html'],
      trans_depth: 2,
      tags: [],
    },
  ],
  [
    'tls',
    {
      tls: {
        sni: 's',
        version: 'TLS 1.2',
        subject: 'CN=a',
        issuerdn: 'CN=a',
        ja3: { hash: 'j' },
        ja3s: { hash: 'k' },
        server_alpns: ['h2'],
      },
    },
    {
      kind: 'ssl',
      server_name: 's',
      version: 'TLSv12',
      subject: 'CN=a',
      self_signed: true,
      ja3: 'j',
      ja3s: 'k',
      next_protocol: 'h2',
      established: true,
      resumed: false,
    },
  ],
  ['tls', { tls: { version: 'TLSv1' } }, { version: 'TLSv10', established: false, self_signed: undefined }],
  ['tls', { tls: { version: 'TLS 1.3', session_resumed: true } }, { version: 'TLSv13', established: true }],
  [
    'krb5',
    { krb5: { msg_type: 'KRB_TGS_REP', cname: 'u', realm: 'R', sname: 'cifs/x', encryption: 'aes' } },
    { kind: 'kerberos', request_type: 'TGS', client: 'u/R', service: 'cifs/x', success: true, cipher: 'aes' },
  ],
  [
    'krb5',
    {
      krb5: {
        msg_type: 'KRB_ERROR',
        failed_request: 'KRB_AS_REQ',
        cname: 'u',
        error_code: 'KDC_ERR_PREAUTH_FAILED',
      },
    },
    { request_type: 'AS', client: 'u', success: false, error_msg: 'KDC_ERR_PREAUTH_FAILED' },
  ],
  [
    'dhcp',
    {
      dhcp: {
        type: 'reply',
        dhcp_type: 'ack',
        client_mac: 'm',
        assigned_ip: '10.0.0.7',
        client_ip: '0.0.0.0',
        hostname: 'pc',
        lease_time: 60,
      },
    },
    {
      kind: 'dhcp',
      mac: 'm',
      assigned_addr: '10.0.0.7',
      client_addr: undefined,
      host_name: 'pc',
      lease_time: 60_000,
      msg_types: ['ACK'],
      server_addr: '10.0.0.1',
      uids: [],
    },
  ],
  [
    'ssh',
    {
      ssh: {
        client: { proto_version: '2.0', software_version: 'OpenSSH_9.2', hassh: { hash: 'h' } },
        server: { proto_version: '2.0', software_version: 'dropbear' },
      },
    },
    { kind: 'ssh', version: 2, client: 'SSH-2.0-OpenSSH_9.2', server: 'SSH-2.0-dropbear', hassh: 'h' },
  ],
  [
    'fileinfo',
    {
      app_proto: 'http',
      fileinfo: { filename: '/a', size: 9, state: 'CLOSED', md5: 'd', sha256: 'e', file_id: 3 },
    },
    {
      kind: 'files',
      fuid: 'F123456-0-3',
      source: 'HTTP',
      filename: '/a',
      seen_bytes: 9,
      total_bytes: 9,
      md5: 'd',
      timedout: false,
    },
  ],
  [
    'smb',
    { smb: { command: 'SMB2_COMMAND_TREE_CONNECT', share: '\\\\h\\IPC$', share_type: 'PIPE' } },
    { kind: 'smb_mapping', path: '\\\\h\\IPC$', share_type: 'PIPE' },
  ],
  [
    'smb',
    {
      smb: { command: 'SMB2_COMMAND_CREATE', filename: 'a.txt', share: 's', size: 4, created: 1_700_000_000 },
    },
    { kind: 'smb_files', action: 'SMB::FILE_OPEN', name: 'a.txt', size: 4, times_created: 1.7e12 },
  ],
  [
    'smb',
    { smb: { command: 'SMB2_COMMAND_SET_INFO', rename: { from: 'a', to: 'b' } } },
    { action: 'SMB::FILE_RENAME', name: 'b', prev_name: 'a' },
  ],
  [
    'smb',
    {
      smb: {
        command: 'SMB2_COMMAND_SESSION_SETUP',
        status: 'STATUS_LOGON_FAILURE',
        ntlmssp: { user: 'u', host: 'h', domain: 'd' },
      },
    },
    { kind: 'ntlm', username: 'u', hostname: 'h', domainname: 'd', success: false },
  ],
  [
    'dcerpc',
    { dcerpc: { req: { opnum: 15 }, interfaces: [{ uuid: '367a' }] } },
    { kind: 'dce_rpc', endpoint: 'unknown-367a', operation: 'unknown-15', named_pipe: '445' },
  ],
  [
    'rdp',
    { rdp: { cookie: 'u', client: { client_name: 'c', desktop_width: 800 } } },
    { kind: 'rdp', cookie: 'u', client_name: 'c', desktop_width: 800 },
  ],
  [
    'alert',
    { alert: { signature: 's', category: 'c', signature_id: 5 } },
    {
      kind: 'notice',
      note: 'Suricata::Alert',
      msg: 's',
      sub: 'c',
      n: 5,
      src: '10.0.0.1',
      dst: '10.0.0.2',
      p: 445,
    },
  ],
  [
    'anomaly',
    { anomaly: { event: 'bad', layer: 'proto' } },
    { kind: 'weird', name: 'bad', addl: 'proto', notice: false },
  ],
];
for (const [type, extra, expected] of mapped)
  test(`an event of type ${type} becomes ${expected['kind'] ?? 'the same, with its variants'}: ${Object.keys(expected).join(', ')}`, () => {
    const record = one(type, extra);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(record[name], value, name);
  });

test('calls have the interface that their flow was bound to, in SMB or without it', () => {
  const bind = (ack: number) => ({ interfaces: [{ uuid: 'a' }, { uuid: 'b', ack_result: ack }] });
  const made = records(
    ['dcerpc', { flow_id: 1, dcerpc: bind(0) }],
    ['dcerpc', { flow_id: 1, dcerpc: { req: { opnum: 3 } } }],
    ['dcerpc', { flow_id: 2, dcerpc: bind(2) }],
    ['dcerpc', { flow_id: 2, dcerpc: { req: { opnum: 4 } } }],
    ['smb', { flow_id: 3, smb: { dcerpc: bind(0) } }],
    ['smb', { flow_id: 3, smb: { dcerpc: { opnum: 5, req: { frag_cnt: 1 } } } }],
  );
  assert.deepEqual(
    made.map((record) => record.kind === 'dce_rpc' && [record.endpoint, record.operation]),
    [
      ['unknown-b', 'unknown-3'],
      [undefined, 'unknown-4'],
      ['unknown-b', 'unknown-5'],
    ],
  );
});

test('files have the share that their tree was connected to; what failed is no row', () => {
  const smb = (rest: object) => ({ flow_id: 1, smb: { tree_id: 5, ...rest } });
  const made = records(
    ['smb', smb({ command: 'SMB2_COMMAND_TREE_CONNECT', share: '\\\\h\\C$' })],
    ['smb', smb({ command: 'SMB2_COMMAND_WRITE', filename: 'a.exe', share: '' })],
    ['smb', smb({ command: 'SMB2_COMMAND_SET_INFO', filename: 'a.exe', access: 'delete on close' })],
    ['smb', smb({ command: 'SMB2_COMMAND_CREATE', filename: 'b', status: 'STATUS_ACCESS_DENIED' })],
  );
  assert.deepEqual(
    made.map((record) => record.kind === 'smb_files' && [record.action, record.path]),
    [false, ['SMB::FILE_WRITE', '\\\\h\\C$'], ['SMB::FILE_DELETE', '\\\\h\\C$']],
  );
});

test('flows have the MAC addresses of both ends where Suricata tells them', () => {
  const record = one('flow', {
    flow: { start: '2024-02-08T15:16:39.870372+0000' },
    ether: { src_macs: ['02:00:00:00:00:01'], dest_macs: ['02:00:00:00:00:02'] },
  });
  assert.deepEqual(
    [record['orig_l2_addr'], record['resp_l2_addr']],
    ['02:00:00:00:00:01', '02:00:00:00:00:02'],
  );
});

test('events that make no record are passed over or told by their type', () => {
  assert.deepEqual(
    records(['smb', { smb: { command: 'SMB2_COMMAND_READ' } }], ['dcerpc', { dcerpc: {} }]),
    [],
  );
  const eve = new EveJson();
  assert.deepEqual(eve.line(JSON.stringify({ ...HEAD, event_type: 'stats' })), { skipped: 'stats' });
});

test('events without addresses, or with values of a wrong kind, are broken or lose those values', () => {
  const eve = new EveJson();
  const line = (changes: object) => eve.line(JSON.stringify({ ...HEAD, event_type: 'http', ...changes }));
  assert.deepEqual(line({ src_ip: 'nowhere' }), { broken: 'no id.orig_h' });
  const odd = line({
    http: { hostname: { a: 1 }, status: -5, length: 'many', url: null },
    flow_id: undefined,
    src_port: 99_999,
  });
  assert.ok('records' in odd);
  const [record] = odd.records;
  assert.ok(record?.kind === 'http');
  assert.deepEqual(
    [record.host, record.status_code, record.source_port, record.uid.length],
    [undefined, undefined, 0, 16],
  );
});
