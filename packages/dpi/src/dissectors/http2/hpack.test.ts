import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../harness.ts';
import { HpackDecoder } from './hpack.ts';
import { decodeHuffman } from './huffman.ts';

const REQUEST = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'www.example.com'],
];

test('requests are those of RFC 7541 appendix C.4, one after the other', () => {
  const decoder = new HpackDecoder();
  assert.deepEqual(decoder.decode(hex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')), REQUEST);
  assert.deepEqual(decoder.decode(hex('8286 84be 5886 a8eb 1064 9cbf')), [
    ...REQUEST,
    ['cache-control', 'no-cache'],
  ]);
  assert.deepEqual(
    decoder.decode(hex('8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'))?.at(-1),
    ['custom-key', 'custom-value'],
  );
});

test('texts may be plain, and need not be remembered', () => {
  const decoder = new HpackDecoder();
  assert.deepEqual(decoder.decode(hex('040c 2f73 616d 706c 652f 7061 7468')), [[':path', '/sample/path']]);
  assert.deepEqual(decoder.decode(hex('1008 7061 7373 776f 7264 0673 6563 7265 74')), [
    ['password', 'secret'],
  ]);
  assert.equal(decoder.decode(hex('be')), undefined, 'nothing was remembered');
});

test('the table forgets what does not fit', () => {
  const decoder = new HpackDecoder();
  decoder.decode(hex('3f11 4001 61 01 62 4001 63 01 64')); // 48 bytes: room for one entry
  assert.deepEqual(decoder.decode(hex('be')), [['c', 'd']]);
  assert.equal(decoder.decode(hex('bf')), undefined);
  const small = new HpackDecoder();
  small.decode(hex('20 4001 61 01 62'));
  assert.equal(small.decode(hex('be')), undefined);
});

test('long numbers are read, longer ones are broken', () => {
  const name = '61'.repeat(200);
  assert.deepEqual(new HpackDecoder().decode(hex(`00 7f49 ${name} 01 62`)), [['a'.repeat(200), 'b']]);
  for (const bad of ['ffffffffffff', 'ff', '80', '3fffffff7f', '007f', '0001', '0083ffffff'])
    assert.equal(new HpackDecoder().decode(hex(bad)), undefined, bad);
});

test("what is no code of Huffman's is refused", () => {
  assert.deepEqual(decodeHuffman(hex('6402')), new Uint8Array(Buffer.from('302')));
  assert.equal(decodeHuffman(hex('ffffffff')), undefined, 'the end of text');
  assert.equal(decodeHuffman(hex('00ff ff')), undefined, 'too much padding');
  assert.equal(decodeHuffman(hex('f8 00')), undefined, 'padding that is not all ones');
});
