import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord, Websocket } from '@thymus/core';
import { ascii } from '../harness.ts';
import { talk } from '../http/conversation.ts';
import { acceptFor } from './opening.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const request = (...headers: readonly string[]): string =>
  `>${['GET /chat HTTP/1.1', 'Host: example.com', 'User-Agent: browser', ...headers].join('\r\n')}\r\n\r\n`;
const reply = (...headers: readonly string[]): string =>
  `<${['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket', ...headers].join('\r\n')}\r\n\r\n`;

const openings = (records: readonly LogRecord[]): Websocket[] =>
  records.filter((record): record is Websocket => record.kind === 'websocket');

test('the answer to a key is that of RFC 6455', () => {
  assert.equal(acceptFor(KEY), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test('an opened WebSocket is a row with what both sides offer', () => {
  const { records, weirds, handedOver } = talk([
    request(
      `Sec-WebSocket-Key: ${KEY}`,
      'Sec-WebSocket-Protocol: v1 , v2',
      'Sec-WebSocket-Extensions: deflate',
    ),
    reply(
      `Sec-WebSocket-Accept: ${acceptFor(KEY)}`,
      'Sec-WebSocket-Protocol: v1',
      'Sec-WebSocket-Extensions: x',
    ),
  ]);
  const [row] = openings(records);
  assert.deepEqual([row!.host, row!.uri, row!.user_agent], ['example.com', '/chat', 'browser']);
  assert.deepEqual(
    [row!.client_protocols, row!.subprotocol, row!.client_extensions, row!.server_extensions],
    [['v1', 'v2'], 'v1', ['deflate'], ['x']],
  );
  assert.deepEqual([weirds, handedOver], [[], ['websocket']]);
});

test('keys that are missing, wrong or repeated are told', () => {
  assert.deepEqual(talk([request(), reply()]).weirds, [
    'websocket_missing_key_header',
    'websocket_missing_accept_header',
  ]);
  const twice = talk([
    request('Sec-WebSocket-Key: a', `Sec-WebSocket-Key: ${KEY}`),
    reply(
      'Sec-WebSocket-Accept: a',
      'Sec-WebSocket-Accept: b',
      'Sec-WebSocket-Protocol: a',
      'Sec-WebSocket-Protocol: b',
    ),
  ]);
  assert.deepEqual(twice.weirds, [
    'websocket_multiple_key_headers',
    'websocket_multiple_accept_headers',
    'websocket_multiple_protocol_headers',
    'websocket_wrong_accept_header expected=s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, found=b',
  ]);
});

test('what an earlier request offered is forgotten', () => {
  const { records } = talk([
    request(`Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Protocol: old'),
    '<HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    request(`Sec-WebSocket-Key: ${KEY}`),
    reply(`Sec-WebSocket-Accept: ${acceptFor(KEY)}`),
  ]);
  assert.equal(openings(records)[0]!.client_protocols, undefined);
});

test('frames that come with the reply are told', () => {
  const { weirds } = talk([
    request(`Sec-WebSocket-Key: ${KEY}`),
    ['<', ascii(`${reply(`Sec-WebSocket-Accept: ${acceptFor(KEY)}`).slice(1)}\x89\x04ping`)],
  ]);
  assert.deepEqual(weirds, ['protocol_data_with_HTTP_upgrade_reply 6']);
});
