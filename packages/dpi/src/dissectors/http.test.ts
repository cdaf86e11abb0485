import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Http } from '@thymus/core';
import { ascii, connection, NOON, Stream, torture } from './harness.ts';
import { http } from './http.ts';

const web = { proto: 'tcp', dest_port: 80 } as const;

/** A conversation: `>` from the client, `<` from the server, one ms apart; then both ends close. */
function talk(turns: readonly (string | readonly ['<' | '>', Uint8Array])[]) {
  const told = connection(web);
  const session = http.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  for (const [i, turn] of turns.entries()) {
    told.ts = NOON + i;
    const bytes = typeof turn === 'string' ? ascii(turn.slice(1)) : turn[1];
    (turn[0] === '>' ? up : down).push(bytes);
  }
  session.end?.(true);
  session.end?.(false);
  session.close?.();
  return { ...told, http: told.records as Http[] };
}

const get = '>GET /a%20b HTTP/1.1\r\nHost: example.com\r\nUser-Agent: curl/8\r\n\r\n';
const pick = (row: Http | undefined, ...names: (keyof Http)[]) => names.map((name) => row?.[name]);

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
      resp_mime_types: ['text/plain'],
    },
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
  assert.deepEqual(pick(told.records[0] as Http, 'host', 'response_body_len'), ['example.com', 3]);
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

test('chunks are counted without their sizes and trailers', () => {
  const body = '4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\nExpires: never\r\n\r\n';
  const told = talk([
    `>POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}GET /2 HTTP/1.1\r\n\r\n`,
    `<HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}HTTP/1.1 204 No Content\r\n\r\n`,
  ]);
  assert.deepEqual(
    told.http.map((row) => pick(row, 'request_body_len', 'response_body_len', 'status_code')),
    [
      [9, 9, 200],
      [0, 0, 204],
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

test('a body without length lasts until the connection ends', () => {
  const told = talk([get, '<HTTP/1.0 200 OK\r\n\r\nHello ', '<world\n']);
  assert.deepEqual(pick(told.http[0], 'response_body_len', 'version'), [12, '1.0']);
});

test('what was seen of an interrupted body counts', () => {
  assert.equal(
    talk([get, '<HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nabc']).http[0]?.response_body_len,
    3,
  );
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

test('a tunnel is given away with what comes after the reply', () => {
  const told = connection(web);
  const session = http.open(told);
  session.feed(ascii('CONNECT mail.example:25 HTTP/1.1\r\n\r\n'), true);
  const reply = ascii('HTTP/1.1 200 Connection established\r\n\r\n220 mail.example\r\n');
  assert.equal(session.feed(reply, false), reply.length - 18);
  assert.deepEqual([told.handedOver, told.records.length], [[undefined], 1]);
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
  assert.deepEqual(pick(told.records[0] as Http, 'status_code', 'info_code'), [101, 101]);
});

test('packed bodies count unpacked and are told by their content', () => {
  const page = Buffer.from(`<html><body>${'lorem '.repeat(200)}</body></html>`);
  for (const [coding, bytes] of [
    ['gzip', gzipSync(page)],
    ['deflate', deflateSync(page)],
    ['deflate', deflateRawSync(page)],
  ] as const) {
    const head = ascii(
      `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    const [row] = talk([get, ['<', Buffer.concat([head, bytes])]]).http;
    assert.deepEqual(pick(row, 'response_body_len', 'resp_mime_types'), [page.length, ['text/html']]);
  }
});

test('a large packed body counts by its trailer, a bomb does not unpack', () => {
  const noise = Buffer.alloc(200_000);
  for (let i = 0, seed = 1; i < noise.length; i++) {
    seed = (seed * 48_271) % 2_147_483_647;
    noise[i] = seed & 63;
  }
  for (const page of [noise, Buffer.alloc(40 << 20)]) {
    const bytes = gzipSync(page);
    const head = ascii(
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    const [row] = talk([get, ['<', head], ['<', bytes]]).http;
    assert.ok(bytes.length > 32_768 && row?.response_body_len !== undefined);
    if (bytes.length > 65_536) assert.equal(row.response_body_len, page.length);
  }
});

test('a body that cannot be unpacked is weird and counts as it came', () => {
  const told = talk([get, '<HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd']);
  assert.deepEqual([told.http[0]?.response_body_len, told.weirds], [4, ['inflate_failed']]);
});

test('the parts of a form are files, with names where they have one', () => {
  const part = (head: string, body: string) =>
    `--XyZ\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  const body = `${part('name="q"', 'what is it?')}${part('name="f"; filename="a.json"', '{"a": 1, "b": 2}')}--XyZ--\r\n`;
  const told = talk([
    `>POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    '<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ]);
  assert.deepEqual(pick(told.http[0], 'orig_filenames', 'orig_mime_types', 'request_body_len'), [
    ['a.json'],
    ['text/plain', 'text/json'],
    body.length,
  ]);
});

test('a message inside a message is looked into, its length is not believed', () => {
  const inner = 'Content-Type: text/plain\r\nContent-Length: 100000\r\n\r\nbut it is short';
  const told = talk([
    `>POST / HTTP/1.1\r\nContent-Type: message/rfc822\r\nContent-Length: ${inner.length}\r\n\r\n${inner}GET /2 HTTP/1.1\r\n\r\n`,
  ]);
  assert.deepEqual(pick(told.http[0], 'orig_mime_types', 'request_body_len'), [['text/plain'], inner.length]);
  assert.equal(told.http[1]?.uri, '/2');
});

test('the name of a downloaded file is read in all its forms', () => {
  const name = (value: string) =>
    talk([get, `<HTTP/1.1 200 OK\r\nContent-Length: 1\r\n${value}\r\n\r\nx`]).http[0]?.resp_filenames;
  assert.deepEqual(name('Content-Disposition: attachment; filename="a \\"b\\".txt"'), ['a "b".txt']);
  assert.deepEqual(name('Content-Disposition: attachment; filename=c.txt'), ['c.txt']);
  assert.deepEqual(name("Content-Disposition: attachment; filename*=UTF-8''na%C3%AFve"), ['naïve']);
  assert.deepEqual(name('Content-Type: text/plain; name=d.txt'), ['d.txt']);
  assert.equal(name('Content-Disposition: inline'), undefined);
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
  assert.equal((told.records[0] as Http).response_body_len, 10);
  session.feed(ascii('HTTP/1.1 200 OK\r\nConte'), false);
  session.gap?.(6, false);
  session.feed(ascii('HTTP/1.1 500 No\r\n\r\n'), false);
  session.close?.();
  assert.deepEqual(
    (told.records as Http[]).map((row) => row.status_code),
    [200, 200],
  );
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

const WEIRDS: readonly [string, string][] = [
  ['GET HTTP/1.1\r\n\r\n', 'missing_HTTP_uri'],
  ['GE\r\n\r\n', 'bad_HTTP_request'],
  ['/ / HTTP/1.1\r\n\r\n', 'bad_HTTP_request_with_version'],
  ['BREW / HTTP/1.1\r\n\r\n', 'unknown_HTTP_method BREW'],
  ['POST /old\r\n', 'invalid_http_09_request_method POST'],
  ['GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n', 'HTTP_version_mismatch'],
  ['GET / http/1.1\r\n\r\nCONNECT? HTTP/1.1\r\n', 'bad_HTTP_request'],
  ['GET /% HTTP/1.1\r\n\r\n', 'illegal_%_at_end_of_URI'],
  ['GET /%4 HTTP/1.1\r\n\r\n', 'partial_escape_at_end_of_URI'],
  ['GET /%%41 HTTP/1.1\r\n\r\n', 'double_%_in_URI'],
  ['GET /%zz HTTP/1.1\r\n\r\n', 'unescaped_%_in_URI'],
  ['POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 'HTTP_bad_content_length -1'],
  ['POST / HTTP/1.1\r\nContent-Length: 01\r\n\r\nx', 'HTTP_content_length_leading_zeros 01'],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked, x\r\n\r\n', 'HTTP_chunked_multi , x'],
  [
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n',
    'HTTP_content_length_and_chunked',
  ],
  [
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n',
    'HTTP_bad_chunk_size 10000000000000000',
  ],
  ['GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n', 'HTTP_obsolete_line_folding Host'],
];

test('requests that break the protocol are told', () => {
  for (const [request, name] of WEIRDS) assert.deepEqual(talk([`>${request}`]).weirds, [name], name);
});

test('a line of any length is read, and cut in the row', () => {
  const told = talk([`>GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`]);
  assert.deepEqual([told.http[0]?.uri?.length, told.weirds], [16_384, ['HTTP_line_too_long']]);
});

test('ranges that cannot be are told', () => {
  const weirds = (range: string) =>
    talk([get, `<HTTP/1.1 206 Partial\r\nContent-Length: 3\r\nContent-Range: ${range}\r\n\r\nabc`]).weirds;
  assert.deepEqual(weirds('bytes 0-2/9'), []);
  assert.deepEqual(weirds('bytes 0-9/9'), ['HTTP_range_not_matching_len']);
  assert.deepEqual(weirds('bytes 5-3/9'), ['HTTP_non_positive_content_range 5-3/9']);
  assert.deepEqual(weirds('bytes a-b/c'), ['HTTP_content_range_cannot_parse a-b/c']);
  assert.deepEqual(weirds('lines 0-2/9'), ['HTTP_content_range_unknown_byte_unit']);
});

test('a smuggled request is seen behind the one that carries it', () => {
  const told = talk([
    '>POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\nGET /hidden HTTP/1.1\r\nHost:\r\n target\r\n\r\n',
  ]);
  assert.deepEqual(pick(told.http[1], 'uri', 'host'), ['/hidden', 'target']);
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
