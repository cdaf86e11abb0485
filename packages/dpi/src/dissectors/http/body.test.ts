import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { ascii } from '../harness.ts';
import { get, pick, talk } from './conversation.ts';

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

test('packed bodies count unpacked and are told by their content', () => {
  const page = Buffer.from(`<html><body>${'lorem '.repeat(200)}</body></html>`);
  for (const [coding, bytes] of [
    ['gzip', gzipSync(page)],
    ['deflate', deflateSync(page)],
    ['deflate', deflateRawSync(page)],
    ['br', brotliCompressSync(page)],
    ['zstd', zstdCompressSync(page)],
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
  for (const coding of ['gzip', 'deflate', 'br', 'zstd']) {
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: 12`;
    const told = talk([get, `<${head}\r\n\r\nabcdefghijkl`]);
    assert.deepEqual([told.http[0]?.response_body_len, told.weirds], [12, ['inflate_failed']]);
  }
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

test('a part without line ends is one file, a boundary behind it is seen', () => {
  const long = `\x89PNG${'\x01'.repeat(20_000)}`;
  const body = `--b\r\nContent-Type: image/png; name=x.png\r\n\r\n${long}\r\n--b\r\n\r\nmore to come\r\n--b--`;
  const [row] = talk([
    `>POST / HTTP/1.1\r\nContent-Type: multipart/mixed; boundary="b"\r\nContent-Length: ${body.length}\r\n\r\n`,
    ['>', ascii(body.slice(0, 9_000))],
    ['>', ascii(body.slice(9_000))],
  ]).http;
  assert.deepEqual(pick(row, 'orig_filenames', 'orig_mime_types', 'request_body_len'), [
    ['x.png'],
    ['image/png', 'text/plain'],
    body.length,
  ]);
});

test('parts inside parts are found, down to a depth that nobody needs', () => {
  const nest = (depth: number): string =>
    depth === 0
      ? 'Content-Type: text/plain\r\n\r\ninnermost text'
      : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nest(depth - 1)}\r\n--b${depth}--`;
  const send = (body: string) =>
    talk([
      `>POST / HTTP/1.1\r\nContent-Type: message/rfc822\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ]);
  assert.deepEqual(send(nest(3)).http[0]?.orig_mime_types, ['text/plain']);
  assert.deepEqual(send(nest(101)).weirds, ['exceeded_mime_max_depth 100']);
});
