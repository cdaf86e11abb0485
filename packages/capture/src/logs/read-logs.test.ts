import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { LogRecord } from '@thymus/core';
import { inFolder } from '../files/hand-made.ts';
import { MAX_OPEN } from '../files/merge.ts';
import { firstTime } from '../first-time.ts';
import { MAX_LINE } from './line-reader.ts';
import { type LogProgress, type LogSummary, readLogs } from './read-logs.ts';

interface Outcome extends LogSummary {
  found: LogRecord[];
}

/** Reads logs given as name and content. */
function read(files: Record<string, string | Uint8Array>): Promise<Outcome> {
  return inFolder(async (write) => {
    const found: LogRecord[] = [];
    const paths = Object.entries(files).map(([name, content]) => write(name, content));
    const summary = await readLogs(paths, (record) => found.push(record));
    return { ...summary, found };
  });
}

/** The only record of a log. */
async function readOne(name: string, content: string): Promise<LogRecord> {
  const { found, faults, skipped } = await read({ [name]: content });
  assert.deepEqual([faults, skipped], [[], []]);
  assert.equal(found.length, 1);
  return found[0]!;
}

const tsv = (path: string, fields: string, ...rows: string[]): string =>
  [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    ...(path ? [`#path\t${path}`] : []),
    `#fields\t${fields.replaceAll(' ', '\t')}`,
    ...rows.map((row) => row.replaceAll(' ', '\t')),
    '',
  ].join('\n');

const CONN =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes conn_state history missed_bytes';
const conn = (ts: number, uid: string, duration = '-'): string =>
  `${ts} ${uid} 10.0.0.1 1025 10.0.0.2 443 tcp - ${duration} 10 SF ShAdDaFf 0`;

test('a row of a Zeek log becomes a record, times and intervals in ms', async () => {
  const row = '1700000000.123456 C1 10.0.0.1 1025 2001:DB8::0:1 443 tcp ssl,http 1.5 99 SF ShADadFf 0';
  assert.deepEqual(await readOne('conn.log', tsv('conn', CONN, row)), {
    kind: 'conn',
    ts: 1_700_000_000_123.456,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 1025,
    dest_ip: '2001:db8::1',
    dest_port: 443,
    proto: 'tcp',
    service: 'ssl,http',
    duration: 1500,
    orig_bytes: 99,
    conn_state: 'SF',
    history: 'ShADadFf',
    missed_bytes: 0,
  });
});

test('lists, escapes, unset and empty values are read as Zeek writes them', async () => {
  const fields = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p query answers TTLs AA rejected rtt';
  const row = '1.5 C1 10.0.0.1 5353 10.0.0.2 53 a\\x09b\\\\c\\xc3\\xa4\\xff x\\x2cy,z 1.000000,0.5 T F -';
  const record = await readOne('x.log', tsv('dns', fields, row));
  assert.deepEqual(record, {
    kind: 'dns',
    ts: 1500,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 5353,
    dest_ip: '10.0.0.2',
    dest_port: 53,
    query: 'a\tb\\cÃ¤ÿ',
    answers: ['x,y', 'z'],
    TTLs: [1000, 500],
    AA: true,
    rejected: false,
    proto: '',
    TC: false,
    RD: false,
    RA: false,
    Z: 0,
  });
  const empty = await readOne('x.log', tsv('dns', fields, '1.5 C1 10.0.0.1 1 10.0.0.2 53 ä (empty) - - - -'));
  assert.ok(empty.kind === 'dns');
  assert.deepEqual([empty.query, empty.answers, empty.TTLs], ['ä', undefined, undefined]);
});

test('the header decides: separators, order of columns, columns that nobody knows', async () => {
  const text = [
    '#separator \\x7c',
    '#set_separator|;',
    '#unset_field|NULL',
    '#path|conn',
    '#fields|label|id.resp_p|tunnel_parents|ts|id.orig_h|id.resp_h|service',
    'Malicious|80|CA;CB|2|10.0.0.1|10.0.0.2|NULL',
    '#close|2024-01-01-00-00-00',
  ].join('\r\n');
  const record = await readOne('anything', text);
  assert.ok(record.kind === 'conn');
  assert.deepEqual(record.tunnel_parents, ['CA', 'CB']);
  assert.deepEqual(
    [record.dest_port, record.ts, record.service, record.source_port],
    [80, 2000, undefined, 0],
  );
  assert.match(record.uid, /^C[0-9A-Za-z]{15}$/, 'a uid is made where there is none');
});

test('files with their headers may follow each other in one', async () => {
  const both = tsv('conn', CONN, conn(1, 'C1')) + tsv('weird', 'ts name', '2 bad_TCP_checksum');
  const { found } = await read({ 'joined.log': both });
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['conn', 'weird'],
  );
});

test('JSON lines are read with dots, underscores and inner type, numbers or dates', async () => {
  const rows = [
    {
      '@stream': 'conn',
      ts: 1.5,
      uid: 'C1',
      id_orig_h: '10.0.0.1',
      id_orig_p: 5,
      id_resp_h: '::1',
      id_resp_p: 6,
      proto: 'tcp',
      duration: 0.25,
      conn_state: 'S0',
      local_orig: true,
      tunnel_parents: ['C9'],
    },
    {
      _path: 'dns',
      ts: '2024-01-01T00:00:00.123456Z',
      uid: 'C2',
      'id.orig_h': '10.0.0.1',
      'id.resp_h': '10.0.0.2',
      query: 'a.test',
      TTLs: [60],
      AA: 'T',
      Z: 0,
    },
    {
      _path: 'ntlm',
      ts: '1.25',
      'id.orig_h': '10.0.0.1',
      'id.resp_h': '10.0.0.2',
      username: { first: 'x' },
      hostname: ['h', 'i'],
      success: null,
    },
  ];
  const { found, faults } = await read({ 'all.json': rows.map((row) => JSON.stringify(row)).join('\n') });
  assert.deepEqual(faults, []);
  const [ntlm, connection, dns] = found;
  assert.ok(connection?.kind === 'conn' && dns?.kind === 'dns' && ntlm?.kind === 'ntlm');
  assert.deepEqual([connection.ts, connection.duration, connection.dest_ip], [1500, 250, '::1']);
  assert.deepEqual([connection.local_orig, connection.tunnel_parents], [true, ['C9']]);
  assert.deepEqual([dns.ts, dns.TTLs, dns.AA], [1_704_067_200_123.456, [60_000], true]);
  assert.deepEqual([ntlm.username, ntlm.hostname, ntlm.success], ['{"first":"x"}', 'h', undefined]);
});

test('the type of a log comes from its name, or from its columns, where it does not say', async () => {
  const row = { ts: 1, uid: 'C1', 'id.orig_h': '10.0.0.1', 'id.resp_h': '10.0.0.2' };
  const kinds: [name: string, extra: object, kind: string][] = [
    ['NASHUA_dce_rpc.log', {}, 'dce_rpc'],
    ['smb_files.2024-01-01.log', {}, 'smb_files'],
    ['labeled-conn.log', {}, 'conn'],
    ['2024.http.log', {}, 'http'],
    ['export', { query: 'x', qtype: 1, rcode: 0, label: 'y' }, 'dns'],
  ];
  for (const [name, extra, kind] of kinds)
    assert.equal((await readOne(name, JSON.stringify({ ...row, ...extra }))).kind, kind, name);
  const { skipped } = await read({ export: JSON.stringify({ ...row, this: 1, that: 2 }) });
  assert.deepEqual(skipped, [{ type: 'unknown', lines: 1 }]);
  assert.equal(
    (await readOne('export', tsv('', 'ts id.orig_h id.resp_h trans_depth uri', '1 ::1 ::2 1 /'))).kind,
    'http',
  );
});

test('columns of older versions of Zeek are understood', async () => {
  const files = {
    ts: 1,
    fuid: 'F1',
    tx_hosts: ['10.0.0.9'],
    rx_hosts: ['10.0.0.1'],
    conn_uids: ['C1'],
    is_orig: false,
  };
  const download = await readOne('files.log', JSON.stringify(files));
  assert.ok(download.kind === 'files');
  assert.deepEqual([download.source_ip, download.dest_ip, download.uid], ['10.0.0.1', '10.0.0.9', 'C1']);
  const upload = await readOne(
    'files.log',
    tsv('files', 'ts fuid tx_hosts rx_hosts is_orig', '1 F1 ::9 ::1 T'),
  );
  assert.ok(upload.kind === 'files');
  assert.deepEqual([upload.source_ip, upload.dest_ip], ['::9', '::1']);
});

test('types that nobody declared are told once, and are no fault', async () => {
  const undeclared = tsv('telemetry', 'ts name', '1 a', '2 b');
  const { found, faults, skipped, notes } = await read({
    a: undeclared,
    b: undeclared,
    c: '{"ts":1,"_path":"pe"}',
  });
  assert.deepEqual([found, faults], [[], []]);
  assert.deepEqual(skipped, [
    { type: 'pe', lines: 1 },
    { type: 'telemetry', lines: 4 },
  ]);
  assert.match(notes.join(), /1 line of type pe,.*4 lines of type telemetry/);
});

test('broken lines are counted and the first is named, the others are read', async () => {
  const log = tsv(
    'conn',
    CONN,
    conn(1, 'C1'),
    'only three columns',
    conn(2, 'C2'),
    `x${conn(3, 'C3')}`,
    conn(4, 'C4'),
  );
  const { found, faults } = await read({ 'conn.log': log });
  assert.equal(found.length, 3);
  assert.equal(faults[0]?.lines, 2);
  assert.equal(faults[0].packets, 3);
  assert.equal(faults[0].message, 'cannot read line 8: 3 columns where the header has 13, and 1 more lines');
});

test('each reason for which a line cannot be read is told', async () => {
  const cases: [content: string, reason: RegExp][] = [
    [tsv('conn', CONN, conn(1, 'C1').replace('10.0.0.2', '10.0.0.256')), /line 7: no id.resp_h/],
    [tsv('conn', CONN).replace(/#fields.*/, '1\t2'), /line 6: no #fields line/],
    ['{"ts":1,"_path":"conn"}\n{"ts":', /line 1: no id.orig_h, and 1 more/],
    ['{"ts":1}\n[]', /no JSON object/],
    ['{"event_type":"flow"}', /no timestamp/],
    ['{"timestamp":"2024-01-01T00:00:00Z","event_type":5}\n{"x":1}\nx', /no ts|line 2: no event_type/],
    [`{"ts":1}\n${'x'.repeat(MAX_LINE * 2)}\n{"ts":2}`, /line 2: it is longer than 524288 bytes/],
    [`{"ts":1}\n${'x'.repeat(MAX_LINE)}`, /line 2: it is longer than/],
    ['', /file is empty/],
    ['\n\n', /file is empty/],
    ['a,b,c\n1,2,3', /no log that is known/],
  ];
  for (const [content, reason] of cases) {
    const { faults } = await read({ log: content });
    assert.match(faults[0]?.message ?? '', reason);
  }
});

test('damaged compression ends a log, and what came before is kept', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => conn(i, `C${(i * 7919) % 99_991}`));
  const { found, faults } = await read({
    'conn.log.gz': gzipSync(tsv('conn', CONN, ...rows)).subarray(0, -9000),
  });
  assert.ok(found.length > 1000 && found.length < 30_000);
  assert.match(faults[0]!.message, /gzip data is damaged/);
});

test('values that are none of their type are left out where they may be', async () => {
  const record = await readOne('x', tsv('conn', CONN, '1 C1 ::1 70000 ::2 x tcp - soon -5 SF - 1.5'));
  assert.ok(record.kind === 'conn');
  assert.deepEqual([record.source_port, record.dest_port, record.missed_bytes], [0, 0, 0]);
  assert.deepEqual([record.duration, record.orig_bytes], [undefined, undefined]);
});

test('files are merged by the time of logging: the end of a connection', async () => {
  const { found } = await read({
    'conn.log': tsv('conn', CONN, conn(5, 'b'), conn(1, 'd', '9'), conn(12, 'e')),
    'weird.log': tsv('weird', 'ts name', '1 a', '8 c', '20 f'),
  });
  const order = found.map((r) => (r.kind === 'conn' ? r.uid : r.kind === 'weird' ? r.name : ''));
  assert.deepEqual(order, ['a', 'b', 'c', 'd', 'e', 'f']);
});

test('lines that are out of order by thousands are put in order', async () => {
  const times = Array.from({ length: 12_000 }, (_, i) => i - (i % 3000) + (2999 - (i % 3000)));
  const { found } = await read({ 'conn.log': tsv('conn', CONN, ...times.map((ts) => conn(ts, 'C'))) });
  const got = found.map(({ ts }) => ts / 1000);
  assert.deepEqual(
    got,
    times.toSorted((a, b) => a - b),
  );
});

test('hundreds of logs are merged, although only some are open at a time', async () => {
  const count = MAX_OPEN + 40;
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i++)
    files[`${i}.log`] = tsv('conn', CONN, conn((i * 11) % count, 'C'), 'broken');
  const { found, faults } = await read(files);
  assert.deepEqual(
    found.map(({ ts }) => ts / 1000),
    Array.from({ length: count }, (_, i) => i),
  );
  assert.ok(faults.length === count && faults.every(({ lines }) => lines === 1));
});

test('progress ends with all bytes, and reading ends when it is called off', async () => {
  await inFolder(async (write) => {
    const path = write('conn.log', tsv('conn', CONN, conn(1, 'C1')));
    let last: LogProgress | undefined;
    const onProgress = (progress: LogProgress) => {
      last = progress;
    };
    await readLogs([path], () => undefined, { onProgress });
    assert.deepEqual(last, { bytesRead: last?.bytesTotal, bytesTotal: last?.bytesTotal, records: 1 });
    await assert.rejects(
      readLogs([path], () => undefined, { signal: AbortSignal.abort() }),
      { name: 'AbortError' },
    );
  });
});

test('the first time of a log is found without reading it all', async () => {
  await inFolder(async (write) => {
    assert.equal(await firstTime(write('conn.log', tsv('conn', CONN, conn(7, 'C1'), conn(3, 'C2')))), 3000);
    assert.equal(await firstTime(write('none', 'nothing')), undefined);
  });
});
