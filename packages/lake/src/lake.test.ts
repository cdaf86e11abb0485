import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ErrorCode, ThymusError } from '@thymus/core';
import type { Lake } from './lake.ts';
import { searchFields } from './language/search-fields.ts';
import { connectLake, openLake } from './open.ts';
import { connection, connections, login, lookup, NOON, request, rowsOf, STORED_DAY } from './test-rows.ts';

const refusal =
  (code: ErrorCode, message = /./) =>
  (error: unknown) =>
    error instanceof ThymusError && error.code === code && message.test(error.message);

let dir: string;
let lake: Lake;
const hour = { from: NOON, to: NOON + 3_600_000 };
const MS_PER_DAY = 86_400_000;

const logon = {
  kind: 'ntlm' as const,
  ts: NOON + 7_200_000,
  uid: 'C1',
  source_ip: '10.0.0.1',
  source_port: 1,
  dest_ip: '10.0.0.2',
  dest_port: 445,
  username: 'admin',
};

const file = () => ({
  kind: 'files' as const,
  ts: NOON + 7_200_000,
  fuid: 'F1',
  depth: 0,
  seen_bytes: 1,
  missing_bytes: 0,
  overflow_bytes: 0,
  timedout: false,
});

describe('a running lake', () => {
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'thymus-lake-'));
    lake = await openLake({ dir });
    const enrichment = { source_did: -3, dest_did: 7, country: 'NO', asn: 64_512 };
    await lake.insert('conn', rowsOf('conn', connections(0, 1000), enrichment), 'conn:1');
    await lake.insert(
      'http',
      rowsOf('http', [
        request(1, 'www.google.com', '/search?q=%25'),
        request(2, 'www.google.de'),
        request(3, "it's; DROP TABLE ev_conn", '/a_b'),
      ]),
      'http:1',
    );
    await lake.insert(
      'kerberos',
      rowsOf('kerberos', [login(1, 'admin/EXAMPLE.LOCAL', true), login(2, 'guest/EXAMPLE.LOCAL', false)]),
      'kerberos:1',
    );
    const lookups = [lookup(5, 'Mail.Example.com', ['192.0.2.55', '2001:db8::55'])];
    await lake.insert('dns', rowsOf('dns', lookups), 'dns:1');
    await lake.insert('conn_update', rowsOf('conn_update', connections(0, 10)), 'conn_update:1');
  });

  after(async () => {
    await lake.close();
    await rm(dir, { recursive: true, force: true });
  });

  const found = async (query: string) => (await lake.search({ query, size: 0 })).total;

  const COUNTS: readonly (readonly [query: string, total: number])[] = [
    ['', 1006],
    ['@type:conn', 1000],
    ['@type:conn AND @fields.resp_ip_bytes:0', 200],
    ['@type:conn AND @fields.proto:tcp AND NOT @fields.conn_state:ShA*', 200],
    ['@type:kerberos', 2],
    ['@type:kerberos AND @fields.success:”False”', 1],
    ['@type:kerberos AND @fields.principal_name:ADMIN', 1],
    ['@type:http @type:http AND @fields.host:www.google.*', 2],
    ['@type:ssl', 0],
    ['@fields.dest_port:445', 500],
    ['@type:dhcp', 0],
    ['@type:notice', 0],
    ['@type:conn_update', 10],
    ['@type:conn source_ip:10.0.1.0/24', 250],
    ['@type:conn source_ip:10.0.1.*', 250],
    ['@type:conn source_ip:[10.0.1.0 TO 10.0.2.255]', 500],
    ['dest_ip:2001:db8::1', 334],
    ['dest_ip:2001:db8::/32', 334],
    ['dest_ip:/2001:.*/', 334],
    ['dest_ip:*:1', 334],
    ['2001:db8::1', 334],
    ['uid:C000000000000999', 1],
    ['uid:c000000000000999', 0],
    ['C000000000000999', 1],
    ['history:shad*', 0],
    ['conn_state:sf', 800],
    ['duration:>5', 499],
    ['duration:[1 TO 2]', 101],
    ['orig_bytes:{0 TO 10}', 9],
    ['NOT _exists_:service AND @type:conn', 500],
    ['google', 2],
    ['"google.de"', 1],
    ['host:*%*', 0],
    ['uri:*%25*', 1],
    ['uri:/a_b', 1],
    ['uri:/a?b', 1],
    ['host:"it\'s; DROP TABLE ev_conn"', 1],
    ['host:/www\\.GOOGLE\\.[a-z]{2}/', 1],
    ['query:mail.example.COM', 1],
    ['answers:192.0.2.*', 1],
    ['TTLs:300', 1],
    ['RD:true', 1],
    ['device:7 AND country:no AND asn:64512', 1000],
    ['source_did:-3', 1000],
    [`ts:>=${NOON + 999_000}`, 1],
    ['ts:[2026-03-01T12:00 TO 2026-03-01T12:00]', 66],
    ['ts:2026-03-02', 0],
    ['host:(www.google.com OR www.google.de) -uri:*search*', 1],
  ];

  for (const [query, total] of COUNTS) {
    test(`"${query}" finds ${total}`, async () => assert.equal(await found(query), total));
  }

  test('a record comes back as it was, with what the master added', async () => {
    const { hits } = await lake.search({ query: 'uid:C000000000000007 @type:conn' });
    assert.deepEqual(
      hits.map((hit) => ({ ...hit, service: hit['service'] })),
      [
        {
          ...connection(7),
          source_did: -3,
          dest_did: 7,
          country: 'NO',
          asn: 64_512,
          stored: STORED_DAY * MS_PER_DAY,
        },
      ],
    );
  });

  test('hits are newest first over all kinds, and pages follow each other', async () => {
    const page = async (offset: number) =>
      (await lake.search({ query: '*', offset, size: 4, to: NOON + 6_000 })).hits.map(
        (h) => `${h.kind} ${(h.ts - NOON) / 1000}`,
      );
    assert.deepEqual(await page(0), ['conn 5', 'dns 5', 'conn 4', 'conn 3']);
    assert.deepEqual(await page(4), ['http 3', 'conn 2', 'http 2', 'kerberos 2']);
  });

  test('the range takes its start in and leaves its end out', async () => {
    const reply = await lake.search({ query: '@type:conn', from: NOON + 10_000, to: NOON + 12_000 });
    assert.deepEqual(
      reply.hits.map((hit) => hit.ts),
      [NOON + 11_000, NOON + 10_000],
    );
    assert.equal(reply.total, 2);
    assert.ok(reply.totalIsExact);
  });

  test('a histogram counts by multiples of its step, split by kind on demand', async () => {
    const start = { key: NOON, count: 300 };
    assert.deepEqual((await lake.histogram({ ...hour, query: '@type:conn' }, 300_000)).at(0), start);
    assert.deepEqual(await lake.histogramByKind({ ...hour, query: 'dest_port:(80 OR 53)' }, 3_600_000), [
      { kind: 'dns', key: NOON, count: 1 },
      { kind: 'http', key: NOON, count: 3 },
    ]);
    const fine = await lake.histogram({ from: NOON, to: NOON + 2_000, query: '@type:conn' }, 500);
    assert.deepEqual(fine, [
      { key: NOON, count: 1 },
      { key: NOON + 1_000, count: 1 },
    ]);
  });

  test('the most frequent values of a field, over all kinds that have it', async () => {
    assert.deepEqual(await lake.terms({ query: '' }, 'dest_ip', 2), [
      { key: '192.0.2.7', count: 672 },
      { key: '2001:db8::1', count: 334 },
    ]);
    assert.deepEqual(await lake.terms({ query: '' }, 'answers', 5), [
      { key: '192.0.2.55', count: 1 },
      { key: '2001:db8::55', count: 1 },
    ]);
    assert.deepEqual(await lake.terms({ query: '@type:kerberos' }, 'principal_name', 1), [
      { key: 'admin', count: 1 },
    ]);
    assert.deepEqual(await lake.terms({ query: 'uid:C000000000000007 @type:conn' }, 'duration', 1), [
      { key: '70', count: 1 },
    ]);
    assert.deepEqual(await lake.terms({ query: '@type:http' }, 'conn_state', 5), []);
  });

  test('a field named as queries name it is told in seconds, otherwise in ms', async () => {
    const seventh = { query: 'uid:C000000000000007 @type:conn' };
    assert.deepEqual(await lake.terms(seventh, '@fields.duration', 1), [{ key: '0.07', count: 1 }]);
    assert.equal((await lake.stats(seventh, 'duration')).max, 70);
    assert.equal((await lake.stats(seventh, '@fields.duration')).max, 0.07);
    const [success] = await lake.terms({ query: '@type:kerberos' }, '@fields.success', 1);
    assert.equal(success?.key, 'False');
    assert.equal((await lake.terms({ query: '@type:kerberos' }, 'success', 1))[0]?.key, 'false');
  });

  test('a hit is shown in the words and units of queries', async () => {
    const { hits } = await lake.search({ query: '@type:(kerberos OR dns) AND _exists_:uid', size: 3 });
    const [answer, refused] = hits.map(searchFields);
    assert.deepEqual(answer!['TTLs'], [300, 300]);
    assert.equal(answer!['source_ip'], '10.0.0.1');
    assert.equal(refused!['principal_name'], 'guest');
    assert.equal(refused!['success'], 'False');
    assert.ok(!('kind' in refused!) && !('ts' in refused!));
  });

  test('a trend compares the halves of the range', async () => {
    const range = { from: NOON, to: NOON + 10_000, query: '@type:(http OR kerberos OR dns)' };
    assert.deepEqual(await lake.trend(range, 'dest_port', 2), [
      { id: '80', count: 0, start: 3, trend: -3 },
      { id: '88', count: 0, start: 2, trend: -2 },
    ]);
  });

  test('statistics of a numeric field, in all and by step', async () => {
    const range = { from: NOON, to: NOON + 10_000, query: '@type:conn' };
    assert.deepEqual(await lake.stats(range, 'duration'), { count: 10, min: 0, max: 90, sum: 450, avg: 45 });
    assert.deepEqual(await lake.statsHistogram({ ...range, from: NOON + 8_000 }, 5_000, 'orig_bytes'), [
      { key: NOON + 5_000, count: 2, min: 8, max: 9, sum: 17, avg: 8.5 },
    ]);
    assert.equal((await lake.stats({ query: '@type:http' }, 'orig_bytes')).count, 0);
  });

  test('a series adds up fields, or counts', async () => {
    const range = { from: NOON, to: NOON + 4_000, query: '@type:conn' };
    assert.deepEqual(await lake.series(range, 2_000, 'orig_bytes + resp_bytes'), [
      { key: NOON, value: 3 },
      { key: NOON + 2_000, value: 15 },
    ]);
    assert.deepEqual((await lake.series(range, 4_000, 'resp_bytes-orig_bytes'))[0]?.value, 6);
    assert.deepEqual(await lake.series(range, 4_000), [{ key: NOON, value: 4 }]);
  });

  test('a block that comes twice adds nothing', async () => {
    await lake.insert('conn', rowsOf('conn', connections(0, 1000)), 'conn:1');
    assert.equal(await found('@type:conn'), 1000);
  });

  test('extent and usage tell what is there', async () => {
    const conn = (await lake.extent()).find(({ kind }) => kind === 'conn');
    assert.ok(conn && conn.bytes > 0);
    assert.deepEqual(
      { ...conn, bytes: 0 },
      { kind: 'conn', rows: 1000, from: NOON, to: NOON + 999_000, bytes: 0 },
    );
    const [day] = (await lake.usage()).filter(({ kind }) => kind === 'dns');
    assert.deepEqual({ ...day, bytes: 0 }, { kind: 'dns', storedDay: STORED_DAY, rows: 1, bytes: 0 });
  });

  test('retention drops whole days of storing, whatever time the records tell', async () => {
    const old = [request(-1_000_000_000, 'old.example')];
    await lake.insert('files', rowsOf('files', [file()], undefined, STORED_DAY - 2), 'files:1');
    await lake.insert('files', rowsOf('files', [file()], undefined, STORED_DAY), 'files:2');
    await lake.dropStoredBefore('files', STORED_DAY);
    assert.equal(await found('@type:files'), 1);
    await lake.insert('http', rowsOf('http', old), 'http:2');
    await lake.dropStoredBefore('http', STORED_DAY);
    assert.equal(await found('host:old.example'), 1);
  });

  test('fields are listed with their other names', () => {
    const field = lake.fields().find(({ name }) => name === 'source_ip');
    assert.deepEqual(field?.aliases, ['id.orig_h']);
    assert.ok(field.kinds.includes('dns'));
  });

  test('bad rows, tokens, pages, steps and fields are refused', async () => {
    await assert.rejects(lake.insert('conn', new Uint8Array([1, 2, 3]), 'bad:1'), refusal('BAD_FILE'));
    await assert.rejects(lake.insert('conn', new Uint8Array(1), "x'--"), refusal('BAD_INPUT'));
    await assert.rejects(lake.search({ query: '', size: 10_001 }), refusal('BAD_INPUT', /size/));
    await assert.rejects(lake.search({ query: '', offset: -1 }), refusal('BAD_INPUT', /offset/));
    await assert.rejects(lake.search({ query: '', from: Number.NaN }), refusal('BAD_INPUT', /range/));
    await assert.rejects(lake.histogram({ ...hour, query: '' }, 0), refusal('BAD_INPUT', /interval/));
    await assert.rejects(lake.terms({ query: '' }, 'dest_ip', 0), refusal('BAD_INPUT', /size/));
    await assert.rejects(lake.terms({ query: '' }, 'dst_ip', 5), refusal('BAD_QUERY', /dest_ip/));
    await assert.rejects(lake.stats({ query: '' }, 'proto'), refusal('BAD_QUERY', /no number/));
    await assert.rejects(lake.series({ ...hour, query: '' }, 1000, 'orig_bytes*2'), refusal('BAD_QUERY'));
    await assert.rejects(lake.search({ query: 'host:/(/' }), refusal('BAD_QUERY', /regular expression/));
  });

  test('a search that costs too much ends with QUERY_LIMIT, and counts become lower bounds', async () => {
    const poor = await connectLake({ socketPath: join(dir, 'lake.sock'), limits: { rows: 500 } });
    try {
      await assert.rejects(poor.terms({ query: '@type:conn' }, 'uid', 5), refusal('QUERY_LIMIT'));
      assert.deepEqual(await poor.count({ query: 'orig_bytes:>5' }), { total: 0, totalIsExact: false });
    } finally {
      await poor.close();
    }
  });

  test('a server elsewhere is spoken to in the same way', async () => {
    const server = createServer((socket) => {
      socket.pipe(connect(join(dir, 'lake.sock'))).pipe(socket);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const remote = await connectLake({ url: `http://127.0.0.1:${port}`, username: 'default', password: '' });
    try {
      await remote.insert('ntlm', rowsOf('ntlm', [{ ...logon }]), 'ntlm:1');
      assert.equal((await remote.search({ query: '@type:ntlm AND username:ADMIN' })).total, 1);
    } finally {
      await remote.close();
      await new Promise((done) => server.close(done));
    }
  });

  test('the socket is for its owner alone', async () => {
    assert.equal((await stat(join(dir, 'lake.sock'))).mode & 0o777, 0o600);
  });

  test('a second owner is turned away', async () => {
    await assert.rejects(openLake({ dir }), refusal('DATA_IN_USE', /Another process/));
    assert.equal(await found('@type:kerberos'), 2);
  });

  test('no lake behind a socket is an error that says so', async () => {
    await assert.rejects(connectLake({ socketPath: join(dir, 'none.sock') }), refusal('LAKE_DOWN'));
  });
});
