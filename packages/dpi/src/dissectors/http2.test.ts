import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Http } from '@thymus/core';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { talk as talkHttp } from './http/conversation.ts';
import { http2 } from './http2.ts';

const PREFACE = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const HEADERS = 1;
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: number, flags: number, stream: number, payload = ''): Uint8Array {
  const bytes = Buffer.from(payload.replace(/\s+/g, ''), 'hex');
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return new Uint8Array(Buffer.concat([head, bytes]));
}

const SETTINGS = frame(4, 0, 0, '0003 00000064');
/** GET http://www.example.com/ and a user agent. */
const ASK = '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff 7a04 6375726c';
const OK = '88';

function talk(turns: readonly (readonly ['>' | '<', Uint8Array])[], isClosed = true) {
  const told = connection({ proto: 'tcp', dest_port: 8080 });
  const session = http2.open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  for (const [side, bytes] of turns) (side === '>' ? client : server).push(bytes);
  if (isClosed) session.close?.();
  const rows = told.records as Http[];
  return { ...told, rows, session, isRefused: client.isRefused || server.isRefused };
}

const begun = [
  ['>', PREFACE],
  ['>', SETTINGS],
  ['<', SETTINGS],
] as const;

test('a request and its reply are a row, with the bytes of their bodies', () => {
  const { rows, confirmed } = talk(
    [
      ...begun,
      ['>', frame(HEADERS, END_HEADERS, 1, ASK)],
      ['>', frame(0, END_STREAM, 1, 'aabb')],
      ['<', frame(HEADERS, END_HEADERS, 1, '08 03 313030')],
      ['<', frame(HEADERS, END_HEADERS, 1, OK)],
      ['<', frame(0, 8, 1, '02 aabbcc 0000')],
      ['<', frame(0, END_STREAM, 1, 'dd')],
    ],
    false,
  );
  const [row] = rows;
  assert.deepEqual(
    [row!.method, row!.host, row!.uri, row!.user_agent, row!.version],
    ['GET', 'www.example.com', '/', 'curl', '2'],
  );
  assert.deepEqual(
    [row!.status_code, row!.info_code, row!.request_body_len, row!.response_body_len, row!.trans_depth],
    [200, 100, 2, 4, 1],
  );
  assert.deepEqual([rows.length, confirmed], [1, ['']]);
});

test('headers may have padding and a priority, and come in several frames', () => {
  const { rows } = talk([
    ...begun,
    ['>', frame(HEADERS, END_STREAM | 0x28, 1, `01 00000000 10 ${ASK.slice(0, 14)} 00`)],
    ['>', frame(9, END_HEADERS, 1, ASK.slice(14))],
    ['<', frame(HEADERS, END_HEADERS | END_STREAM, 1, OK)],
  ]);
  assert.deepEqual([rows[0]!.host, rows[0]!.status_code], ['www.example.com', 200]);
});

test('pushed replies have the request that the server promised', () => {
  const { rows } = talk([
    ...begun,
    ['<', frame(5, END_HEADERS, 1, `00000002 ${ASK}`)],
    ['<', frame(HEADERS, END_HEADERS | END_STREAM, 2, OK)],
  ]);
  assert.deepEqual([rows.length, rows[0]!.uri, rows[0]!.status_code], [1, '/', 200]);
});

test('a stream that is reset, or never answered, is told as far as it came', () => {
  const { rows } = talk([
    ...begun,
    ['>', frame(HEADERS, END_HEADERS, 1, ASK)],
    ['<', frame(3, 0, 1, '00000008')],
    ['>', frame(HEADERS, END_HEADERS, 3, '82')],
    ['>', frame(HEADERS, END_HEADERS | END_STREAM, 3, '83')],
    ['<', frame(HEADERS, END_HEADERS | END_STREAM, 9, OK)],
  ]);
  assert.deepEqual(
    rows.map((row) => [row.trans_depth, row.method, row.status_code]),
    [
      [1, 'GET', undefined],
      [2, 'GET', undefined],
    ],
  );
});

test('not more than 256 requests wait', () => {
  const many = Array.from(
    { length: 257 },
    (_, i) => ['>', frame(HEADERS, END_HEADERS, 2 * i + 1, '82')] as const,
  );
  assert.equal(talk([...begun, ...many], false).rows.length, 1);
});

test('data is passed over in any pieces, and may be lost', () => {
  const told = connection({ proto: 'tcp' });
  const session = http2.open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  client.push(PREFACE);
  client.push(frame(HEADERS, END_HEADERS | END_STREAM, 1, ASK));
  server.push(frame(HEADERS, END_HEADERS, 1, OK));
  server.push(frame(0, 0, 1, 'ee'.repeat(16_384)).subarray(0, 5_000));
  session.gap?.(16_384 + 9 - 5_000, false);
  server.push(frame(0, END_STREAM, 1));
  assert.deepEqual([(told.records[0] as Http).response_body_len, session.done], [16_384, false]);
  session.gap?.(1, true);
  assert.equal(session.done, true);
});

test('broken frames are refused', () => {
  assert.equal(talk([['>', ascii('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')]]).isRefused, true);
  for (const bad of [
    frame(HEADERS, END_HEADERS, 1, 'be'),
    frame(HEADERS, END_HEADERS | 8, 1, 'ff 82'),
    frame(9, END_HEADERS, 1, '82'),
    frame(HEADERS, END_HEADERS, 1, '82'.repeat(70_000)),
  ])
    assert.equal(talk([...begun, ['>', bad]]).isRefused, true);
});

test('an upgrade from HTTP/1.1 leads here', () => {
  const { handedOver } = talkHttp([
    '>GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n',
    '<HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  ]);
  assert.deepEqual(handedOver, ['http2']);
});

test('only the preface is likely', () => {
  assert.equal(http2.probe(PREFACE, true, 1), 1);
  assert.equal(http2.probe(PREFACE.subarray(0, 10), true, 1), 0.95);
  assert.equal(http2.probe(PREFACE.subarray(0, 2), true, 1), -1);
  assert.equal(http2.probe(ascii('PRINT / HTTP/1.1'), true, 80), 0);
  assert.equal(http2.probe(PREFACE, false, 80), 0);
});

test('survives what is no HTTP/2', () => {
  torture(
    http2,
    [PREFACE, frame(HEADERS, END_HEADERS, 1, ASK), frame(HEADERS, 5, 1, OK), frame(0, 8, 1, '02aa')],
    300,
  );
  const session = http2.open(connection({ proto: 'tcp' }));
  const client = new Stream(session, true);
  client.push(PREFACE);
  client.push(frame(HEADERS, 0x2c, 1, `ff 00 ${hex('82').join('')}`));
  assert.equal(client.isRefused, true);
});
