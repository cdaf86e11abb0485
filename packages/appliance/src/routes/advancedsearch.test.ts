import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { declarationOf, encoderOf, type LogRecord, RowWriter, writeEnrichment } from '@thymus/core';
import { type Fixture, NOON, openFixture } from '../http/site.fixture.ts';

let site: Fixture;
before(async () => {
  site = await openFixture();
});
after(() => site.close());

const HOUR = 3_600_000;
const json = <T>(path: string) => site.json<T>(path);

async function refusal(path: string): Promise<string> {
  const reply = await site.get(path);
  assert.equal(reply.status, 400, path);
  const { error, message } = (await reply.json()) as { error: string; message: string };
  assert.equal(error, 'INPUT ERROR');
  return message;
}

const hash = (search: object) => Buffer.from(JSON.stringify(search)).toString('base64');
const DAY_BEFORE = {
  timeframe: 'custom',
  time: { from: '2026-01-04T12:00:00.000Z', to: '2026-01-05T12:00:00Z' },
};

interface SearchReply {
  hits: { total: number; hits: { _source: Record<string, unknown>; id?: string; count?: number }[] };
  kibana: { time: { from: string }; next?: number };
  aggregations: Record<string, { buckets: { key: unknown; doc_count: number }[]; avg: number; sum: number }>;
}

test('Advanced Search finds records in the shape that clients know', async () => {
  const search = hash({ search: '@type:conn', ...DAY_BEFORE, size: 2 });
  const reply = await json<SearchReply>(`/advancedsearch/api/search/${search}`);
  assert.equal(reply.hits.total, 3);
  assert.equal(reply.hits.hits.length, 2);
  const source = reply.hits.hits[0]!._source;
  assert.equal(source['@type'], 'conn');
  assert.equal(source['@timestamp'], '2026-01-05T11:59:00.000Z');
  const fields = source['@fields'] as Record<string, unknown>;
  assert.deepEqual([fields['dest_port'], fields['duration'], fields['uid']], [443, 1.5, 'Caaa']);
  assert.equal(reply.kibana.time.from, '2026-01-04T12:00:00.000Z');
});

test('Advanced Search takes every form of base64 and of times', async () => {
  const total = async (search: object, encode = hash) =>
    (await json<SearchReply>(`/advancedsearch/api/search/${encode(search)}`)).hits.total;
  assert.equal(await total({ search: '@type:conn', timeframe: '3600' }), 2);
  assert.equal(await total({ search: '@type:conn', timeframe: 10_800, offset: '0' }), 3);
  assert.equal(await total({ timeframe: 900 }), 4);
  assert.equal(await total({ search: '@type:conn', starttime: NOON - 90_000, endtime: NOON / 1000 }), 1);
  const urlSafe = (search: object) => Buffer.from(JSON.stringify(search)).toString('base64url');
  assert.equal(await total({ search: 'uid:"Caaa" OR query:"???>>>~~~"', timeframe: 900 }, urlSafe), 1);
  const odd = hash({ search: '@type:conn???>>~~', timeframe: 900 });
  assert.match(odd, /\//);
  assert.equal((await site.get(`/advancedsearch/api/search/${odd}`)).status, 200);
  const posted = await site.signed(
    'POST',
    '/advancedsearch/api/search',
    `{"hash":"${hash({ timeframe: 900 })}"}`,
  );
  assert.equal(((await posted.json()) as SearchReply).hits.total, 4);
});

test('Advanced Search refuses what is no search', async () => {
  for (const wrong of [
    '!!!',
    hash({ size: -1 }),
    hash({ size: 20_000 }),
    hash({ search: 5 }),
    hash({ timeframe: 'x' }),
  ]) {
    await refusal(`/advancedsearch/api/search/${wrong}`);
  }
  await refusal(`/advancedsearch/api/search/${hash({ search: '(', timeframe: 900 })}`);
  await refusal(`/advancedsearch/api/search/${hash({ timeframe: 'custom', time: { from: 'soon' } })}`);
  await refusal(`/advancedsearch/api/analyze/dest_port/gossip/${hash({})}`);
  await refusal(`/advancedsearch/api/graph/count/5/${hash({})}`);
});

test('Advanced Search analyzes fields', async () => {
  const search = hash({ search: '@type:conn', ...DAY_BEFORE });
  const analyze = (field: string, operation: string) =>
    json<SearchReply>(`/advancedsearch/api/analyze/${field}/${operation}/${search}`);
  const terms = await analyze('@fields.dest_port', 'terms');
  assert.deepEqual(terms.aggregations['terms']?.buckets, [
    { key: '443', doc_count: 2 },
    { key: '445', doc_count: 1 },
  ]);
  const score = await analyze('dest_port', 'score');
  assert.deepEqual(score.hits.hits[0], { id: '443', count: 2 });
  assert.equal(score.aggregations['score']?.buckets.length, 2);
  assert.deepEqual((await analyze('dest_port', 'trend')).hits.hits.length, 2);
  assert.equal((await analyze('orig_bytes', 'mean')).aggregations['stats']?.sum, 2500);
});

test('Advanced Search draws graphs, a day per page', async () => {
  const graph = (kind: string, search: object, page = '') =>
    json<SearchReply>(`/advancedsearch/api/graph/${kind}/3600000/${hash(search)}${page}`);
  const counts = await graph('count', { search: '@type:conn', ...DAY_BEFORE });
  assert.deepEqual(counts.aggregations['count']?.buckets, [
    { key: NOON - 2 * HOUR, doc_count: 1 },
    { key: NOON - HOUR, doc_count: 2 },
  ]);
  const means = await graph('mean', { search: '@type:conn', analyze_field: 'orig_bytes', ...DAY_BEFORE });
  assert.deepEqual(
    means.aggregations['mean']?.buckets.map(({ doc_count }) => doc_count),
    [1, 2],
  );
  const week = { search: '@type:conn', timeframe: 604_800 };
  assert.equal((await graph('count', week)).kibana.next, 1);
  assert.equal((await graph('count', week, '/6')).kibana.next, undefined);
  await refusal(`/advancedsearch/api/graph/count/3600000/${hash(week)}/9`);
  await refusal(`/advancedsearch/api/graph/mean/3600000/${hash(week)}`);
});

test('a graph of means knows its field however the base64 is written', async () => {
  const search = hash({ search: '@type:conn', analyze_field: '@fields.duration', ...DAY_BEFORE, x: '' });
  assert.match(search, /=$/);
  const graph = (text: string) =>
    json<MeansReply>(`/advancedsearch/api/graph/mean/3600000/${text}`).then(
      ({ aggregations }) => aggregations.mean.buckets,
    );
  const buckets = await graph(search);
  assert.deepEqual(
    buckets.map(({ mean_stats }) => mean_stats.avg),
    [1.5, 1.5],
  );
  assert.deepEqual(await graph(search.replaceAll('=', '%3D')), buckets);
  assert.deepEqual(await graph(`${search}%0A`), buckets);
});

interface MeansReply {
  aggregations: { mean: { buckets: { key: number; mean_stats: { avg: number } }[] } };
}

/** A ticket that was refused, in a time of its own. */
const TICKETS = NOON - 30 * 24 * HOUR;
const MONTH_AGO = { timeframe: 'custom', time: { from: TICKETS - HOUR, to: TICKETS + HOUR } };

async function storeTicket(): Promise<void> {
  const ticket: LogRecord = {
    kind: 'kerberos',
    ts: TICKETS,
    uid: 'Ceee',
    source_ip: '10.0.0.5',
    source_port: 50_001,
    dest_ip: '10.0.0.6',
    dest_port: 88,
    client: 'jdoe/EXAMPLE.ORG',
    success: false,
    till: TICKETS + HOUR,
  };
  const writer = new RowWriter();
  encoderOf(declarationOf('kerberos')!)(writer, ticket);
  writeEnrichment(writer, { source_did: 1, dest_did: 2, country: '', asn: 0 }, Math.floor(NOON / 86_400_000));
  await site.services.lake.insert('kerberos', writer.written, 'ticket');
}

test('what a hit shows can be asked for and counted in the same names and units', async () => {
  await storeTicket();
  const search = (query: string) =>
    json<SearchReply>(`/advancedsearch/api/search/${hash({ search: query, ...MONTH_AGO })}`);
  const { hits } = (await search('@type:kerberos')).hits;
  const fields = hits[0]!._source['@fields'] as Record<string, unknown>;
  assert.deepEqual(
    [fields['principal_name'], fields['success'], fields['till'], fields['epochdate']],
    ['jdoe', 'False', (TICKETS + HOUR) / 1000, TICKETS / 1000],
  );
  assert.match(String(hits[0]!._source['@message']), /\tjdoe\/EXAMPLE\.ORG\tFalse\t/);
  for (const name of ['principal_name', 'success', 'uid', 'source_ip', 'dest_port'])
    assert.equal((await search(`@fields.${name}:"${fields[name]}"`)).hits.total, 1, name);
  const query = hash({ search: '@type:kerberos', ...MONTH_AGO });
  for (const name of ['principal_name', 'success', 'till']) {
    for (const field of [name, `@fields.${name}`]) {
      const { aggregations } = await json<SearchReply>(`/advancedsearch/api/analyze/${field}/terms/${query}`);
      assert.deepEqual(aggregations['terms']!.buckets, [{ key: String(fields[name]), doc_count: 1 }], field);
    }
  }
});

test('durations are seconds in every analysis, with and without the prefix', async () => {
  const search = hash({ search: '@type:conn', ...DAY_BEFORE });
  for (const field of ['duration', '@fields.duration']) {
    const analyze = (operation: string) =>
      json<SearchReply>(`/advancedsearch/api/analyze/${field}/${operation}/${search}`);
    assert.deepEqual((await analyze('score')).hits.hits, [{ id: '1.5', count: 3 }]);
    assert.deepEqual((await analyze('trend')).hits.hits, [{ id: '1.5', count: 3, start: 0, trend: 3 }]);
    assert.equal((await analyze('mean')).aggregations['stats']?.avg, 1.5);
  }
});

test('a fault in a query is told with its place and what may be meant', async () => {
  const message = (search: string) =>
    refusal(`/advancedsearch/api/search/${hash({ search, timeframe: 900 })}`);
  assert.match(await message('@type:conn AND (dest_port:443'), /bracket is not closed \(position 16\)/);
  assert.match(await message('@fields.dest_prot:443'), /did you mean dest_port\?.*position 1/);
  assert.match(await message('@type:con'), /did you mean conn\?/);
  const analyze = (field: string, operation: string) =>
    refusal(`/advancedsearch/api/analyze/${field}/${operation}/${hash({ timeframe: 900 })}`);
  assert.match(await analyze('dest_prot', 'terms'), /did you mean dest_port\?/);
  assert.match(await analyze('@fields.query', 'mean'), /is no number/);
  assert.match(await refusal('/advancedsearch/api/search/e30'.replace('e30', 'bm8=')), /base64 of JSON/);
});

/** Attempts to leave the place of a value, a field or a statement. */
const HOSTILE = [
  "'; DROP TABLE ev_conn; --",
  '") UNION ALL SELECT * FROM system.tables --',
  '@type:conn) SETTINGS readonly=0 --',
  '{p0:String}',
  '@type:conn AND dest_port:(1); TRUNCATE TABLE ev_conn',
  'query:/(a+)+$/',
  `uid:"${'\\"'.repeat(500)}"`,
  '*'.repeat(2_000),
  '('.repeat(5_000),
  '\u0000\ud800\u202e',
  "dest_port:[1 TO 2' OR 1=1]",
];

test('hostile searches and fields find nothing else, change nothing, and never end in a fault of ours', async () => {
  const everything = await site.services.lake.count({ query: '' });
  for (const text of HOSTILE) {
    const search = hash({ search: text, timeframe: 900 });
    const field = encodeURIComponent(text.slice(0, 100).toWellFormed());
    for (const path of [
      `search/${search}`,
      `analyze/${field}/terms/${hash({ timeframe: 900 })}`,
      `analyze/${field}/mean/${hash({ timeframe: 900 })}`,
      `graph/mean/60000/${hash({ analyze_field: text, timeframe: 900 })}`,
      `graph/count/60000/${search}/0`,
    ]) {
      const reply = await site.app.request(`/advancedsearch/api/${path}`, {}, { isLocal: true });
      assert.ok(
        [200, 400].includes(reply.status),
        `${reply.status} for ${text.slice(0, 40)} in ${path.slice(0, 8)}`,
      );
      assert.doesNotMatch(await reply.text(), /DB::|clickhouse|JSONEachRow|\n\s+at /i, text.slice(0, 40));
    }
  }
  assert.deepEqual(await site.services.lake.count({ query: '' }), everything);
});

test('searching reads only: other methods change nothing and are refused', async () => {
  const everything = await site.services.lake.count({ query: '' });
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const reply = await site.signed(method, `/advancedsearch/api/search/${hash({ timeframe: 900 })}`);
    assert.ok(reply.status >= 400 && reply.status < 500, `${method}: ${reply.status}`);
  }
  assert.deepEqual(await site.services.lake.count({ query: '' }), everything);
});
