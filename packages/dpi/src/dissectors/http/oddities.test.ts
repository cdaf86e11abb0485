import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, pick, talk } from './conversation.ts';

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
