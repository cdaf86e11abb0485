import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ascii, connection, NOON, Stream, torture } from './harness.ts';
import { get, pick, talk, web } from './http/conversation.ts';
import { http } from './http.ts';

test('the variables of a query are listed by name, as they were sent', () => {
  const target = '/run?cmd=ls%26x%3D1&&id&=y&a%20b=2';
  const { http } = talk([`>GET ${target} HTTP/1.1\r\n\r\n`, get]);
  assert.deepEqual(pick(http[0], 'uri_vars'), [['cmd', 'id', 'a%20b']]);
  assert.deepEqual(pick(http[1], 'uri_vars'), [undefined]);
  const many = Array.from({ length: 40 }, (_, i) => `v${i}=`).join('&');
  assert.equal(talk([`>GET /?${many} HTTP/1.1\r\n\r\n`]).http[0]!.uri_vars!.length, 32);
});

test('a request and its reply are one row', () => {
  const told = talk([get, '<HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nHello, world!']);
  assert.deepEqual(told.http, [
    {
      kind: 'http',
      ts: NOON,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 80,
      trans_depth: 1,
      method: 'GET',
      host: 'example.com',
      uri: '/a b',
      version: '1.1',
      user_agent: 'curl/8',
      request_body_len: 0,
      response_body_len: 13,
      status_code: 200,
      status_msg: 'OK',
      tags: [],
      resp_fuids: [told.files[0]?.fuid],
      resp_mime_types: ['text/plain'],
    },
  ]);
  assert.partialDeepStrictEqual(told.files, [
    { source: 'HTTP', seen_bytes: 13, total_bytes: 13, mime_type: 'text/plain', is_orig: false },
  ]);
  assert.deepEqual([told.confirmed, told.weirds], [[''], []]);
});

test('bytes may come one by one', () => {
  const told = connection(web);
  const session = http.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  for (const byte of ascii(get.slice(1))) up.push(Uint8Array.of(byte));
  for (const byte of ascii('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'))
    down.push(Uint8Array.of(byte));
  assert.deepEqual(
    pick(
      told.records.find((record) => record.kind === 'http'),
      'host',
      'response_body_len',
    ),
    ['example.com', 3],
  );
});

test('pipelined requests are answered in order', () => {
  const ok = (n: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${n}\r\n\r\n${'x'.repeat(n)}`;
  const told = talk([
    '>GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n',
    `<${ok(1)}${ok(2)}${ok(3)}`,
  ]);
  assert.deepEqual(
    told.http.map((row) => pick(row, 'trans_depth', 'uri', 'response_body_len')),
    [
      [1, '/1', 1],
      [2, '/2', 2],
      [3, '/3', 3],
    ],
  );
});

test('a reply that is not wanted to have a body has none', () => {
  const head = talk([
    '>HEAD / HTTP/1.1\r\n\r\n',
    '<HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 404 No\r\n\r\n',
  ]);
  assert.deepEqual(
    head.http.map((row) => pick(row, 'method', 'status_code', 'response_body_len')),
    [
      ['HEAD', 200, 0],
      [undefined, 404, 0],
    ],
  );
  const fresh = talk([get, '<HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n']).http[0];
  assert.deepEqual(pick(fresh, 'status_code', 'response_body_len'), [304, 0]);
});

test('an interim reply is kept beside the final one', () => {
  const told = talk([
    '>POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n',
    '<HTTP/1.1 100 Continue\r\n\r\n',
    '>ab',
    '<HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n',
  ]);
  assert.equal(told.http.length, 1);
  assert.deepEqual(pick(told.http[0], 'info_code', 'info_msg', 'status_code', 'request_body_len'), [
    100,
    'Continue',
    201,
    2,
  ]);
});

test('requests without reply and replies without request are rows too', () => {
  const silent = talk([get]).http[0];
  assert.deepEqual(pick(silent, 'uri', 'status_code', 'version'), ['/a b', undefined, undefined]);
  const unasked = talk(['<HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n']).http[0];
  assert.deepEqual(pick(unasked, 'method', 'status_code', 'trans_depth'), [undefined, 403, 1]);
});

test('more than a hundred requests do not wait for replies', () => {
  const told = connection(web);
  const session = http.open(told);
  session.feed(ascii('GET / HTTP/1.1\r\n\r\n'.repeat(150)), true);
  assert.deepEqual([told.records.length, told.weirds], [101, ['HTTP_excessive_pipelining 101 > 100']]);
});

test('a tunnel is told of, and given away with what comes after the reply', () => {
  const told = connection(web);
  const session = http.open(told);
  session.feed(ascii('CONNECT mail.example:25 HTTP/1.1\r\n\r\n'), true);
  const reply = ascii('HTTP/1.1 200 Connection established\r\n\r\n220 mail.example\r\n');
  assert.equal(session.feed(reply, false), reply.length - 18);
  assert.deepEqual(told.handedOver, [undefined]);
  assert.deepEqual(
    told.records.map((record) => (record.kind === 'tunnel' ? record.tunnel_type : record.kind)),
    ['http', 'Tunnel::HTTP'],
  );
});

test('a refused tunnel is none', () => {
  const told = talk(['>CONNECT a:25 HTTP/1.1\r\n\r\n', '<HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno']);
  assert.deepEqual([told.handedOver, told.http[0]?.response_body_len], [[], 2]);
});

test('an upgraded connection is given to the protocol that was agreed on', () => {
  const told = connection(web);
  const session = http.open(told);
  session.feed(ascii('GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'), true);
  session.feed(
    ascii('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02hi'),
    false,
  );
  assert.deepEqual(told.handedOver, ['websocket']);
  assert.deepEqual(
    pick(
      told.records.find((record) => record.kind === 'http'),
      'status_code',
      'info_code',
    ),
    [101, 101],
  );
});

test('user and proxies are kept, the password never', () => {
  const header = `Authorization: Basic ${btoa('ann:secret')}\r\nVia: 1.1 proxy\r\nX-Forwarded-For: 10.1.1.1`;
  const [row] = talk([`>GET / HTTP/1.1\r\n${header}\r\nReferer: /x\r\nOrigin: null\r\n\r\n`]).http;
  assert.deepEqual(pick(row, 'username', 'password', 'proxied', 'referrer', 'origin'), [
    'ann',
    undefined,
    ['VIA -> 1.1 proxy', 'X-FORWARDED-FOR -> 10.1.1.1'],
    '/x',
    'null',
  ]);
  assert.ok(!JSON.stringify(row).includes('secret'));
  assert.equal(talk(['>GET / HTTP/1.1\r\nAuthorization: Basic %%%\r\n\r\n']).http[0]?.username, undefined);
});

test('a gap inside a body is counted, a gap in a header ends the direction', () => {
  const told = connection(web);
  const session = http.open(told);
  session.feed(ascii(get.slice(1)), true);
  session.feed(ascii('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'), false);
  session.gap?.(6, false);
  session.feed(ascii('d'), false);
  const [row] = told.records.filter((record) => record.kind === 'http');
  assert.equal(row?.response_body_len, 10);
  session.feed(ascii('HTTP/1.1 200 OK\r\nConte'), false);
  session.gap?.(6, false);
  session.feed(ascii('HTTP/1.1 500 No\r\n\r\n'), false);
  session.close?.();
  assert.deepEqual(
    told.records.flatMap((record) => (record.kind === 'http' ? [record.status_code] : [])),
    [200, 200],
  );
  assert.partialDeepStrictEqual(told.records[0], { kind: 'files', seen_bytes: 4, missing_bytes: 6 });
});

test('HTTP/0.9 has a target and a document, nothing else', () => {
  const told = talk(['>GET /index.html\r\n', '<<html><body>old</body></html>']);
  assert.deepEqual(pick(told.http[0], 'uri', 'version', 'status_code', 'status_msg', 'response_body_len'), [
    '/index.html',
    '0.9',
    0,
    '<empty>',
    29,
  ]);
});

test('HTTP is found by content on any port', () => {
  const probe = (text: string, port = 9999, fromOriginator = true) =>
    http.probe(ascii(text), fromOriginator, port);
  assert.equal(probe('GET / HT'), 0.9);
  assert.equal(probe('CONNECT a:1 HTTP/1.1\r\n'), 1);
  assert.equal(probe('BREW / HTTP/1.1\r\n'), 0.9);
  assert.equal(probe('HTTP/1.1 200', 9999, false), 1);
  assert.equal(probe('CONNECT a:1 HT'), -1);
  assert.equal(probe('HTT', 9999, false), -1);
  assert.ok(probe('GET /\r\n', 80) > 0);
  assert.equal(probe('OPTIONS sip:a SIP/2.0\r\n'), 0);
  assert.equal(probe('HELO mail.example\r\n'), 0);
  assert.equal(probe('220 ready\r\n', 9999, false), 0);
  assert.ok(probe('/ / HTTP/1.1\r\n', 80) > 0);
  assert.equal(http.probe(Uint8Array.of(22, 3, 1, 0, 200, 1), true, 80), 0);
});

test('bytes that are no HTTP are given back', () => {
  const told = connection(web);
  const session = http.open(told);
  assert.equal(session.feed(ascii('\x16\x03\x01 hello\r\n'), true), 11);
  assert.equal(session.feed(ascii('\x16\x03\x01 hello\r\n'), false), -1);
  assert.deepEqual([told.records, told.confirmed], [[], []]);
});

test('damaged conversations are borne', () => {
  const packed = gzipSync(Buffer.from('hello hello hello'));
  const head = ascii(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`);
  const form = '--b\r\nContent-Disposition: form-data; filename="x"\r\n\r\nabc\r\n--b--\r\n';
  const samples = [
    ascii(get.slice(1)),
    ascii(
      `POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 66\r\n\r\n${form}`,
    ),
    ascii('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    ascii('HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-2/9\r\nX: y\r\n z\r\nContent-Length: 3\r\n\r\nabc'),
    new Uint8Array(Buffer.concat([head, packed])),
  ];
  torture(http, samples, 3000);
});

const part = (range: string, bytes: string) =>
  `HTTP/1.1 206 Partial Content\r\nContent-Length: ${bytes.length}\r\nContent-Range: bytes ${range}\r\n\r\n${bytes}`;

/** Two connections that are open at a time and fetch the same. */
function fetchParts(first: readonly string[], second: readonly string[]) {
  const dissector = http.create!();
  const connections = ['C1', 'C2'].map((uid) => connection({ ...web, uid }));
  const sessions = connections.map((told) => dissector.open(told));
  for (const [i, replies] of [first, second].entries()) {
    for (const reply of replies) {
      sessions[i]!.feed(ascii(get.slice(1)), true);
      sessions[i]!.feed(ascii(reply), false);
    }
  }
  for (const session of sessions) session.close?.();
  dissector.expire!(Number.POSITIVE_INFINITY);
  return connections.flatMap(({ records }) => records).filter((record) => record.kind === 'files');
}

test('parts of one file that come over two connections are one file, told for each', () => {
  const rows = fetchParts([part('0-9/20', '%PDF-1.7 a')], [part('10-19/20', 'bcdefghijk')]);
  assert.deepEqual(
    rows.map(({ uid, seen_bytes, total_bytes, missing_bytes, timedout, mime_type }) => [
      uid,
      seen_bytes,
      total_bytes,
      missing_bytes,
      timedout,
      mime_type,
    ]),
    ['C1', 'C2'].map((uid) => [uid, 20, 20, 0, false, 'application/pdf']),
  );
  assert.equal(rows[0]?.fuid, rows[1]?.fuid);
});

test('a file whose parts leave holes says how much is missing', () => {
  const rows = fetchParts([part('5-9/30', 'abcde')], [part('20-24/30', 'fghij'), part('5-9/30', 'abcde')]);
  for (const row of rows) {
    assert.partialDeepStrictEqual(row, { seen_bytes: 10, missing_bytes: 15, timedout: true });
    assert.equal(row.mime_type, undefined);
  }
});

test('the parts of one reply are one file', () => {
  const range = (text: string, bytes: string) => `--b\r\nContent-Range: bytes ${text}\r\n\r\n${bytes}\r\n`;
  const body = `${range('0-3/20', 'abcd')}${range('10-13/20', 'efgh')}--b--`;
  const head = `HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=b\r\nContent-Length: ${body.length}`;
  const told = talk([get, `<${head}\r\n\r\n${body}`]);
  assert.partialDeepStrictEqual(told.files, [{ seen_bytes: 8, missing_bytes: 6, total_bytes: 20 }]);
  assert.deepEqual(told.http[0]?.resp_fuids, [told.files[0]?.fuid]);
});
