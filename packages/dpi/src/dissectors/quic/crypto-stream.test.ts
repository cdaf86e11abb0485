import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../harness.ts';
import { CryptoStream } from './crypto-stream.ts';

test('parts in any order, also overlapping ones, make messages', () => {
  const stream = new CryptoStream();
  stream.add(4, hex('bb cc'));
  assert.equal(stream.next(), undefined);
  stream.add(2, hex('00 03 bb'));
  stream.add(0, hex('01 00'));
  assert.equal(stream.next(), undefined, 'its last byte is missing');
  stream.add(6, hex('dd 02 000000'));
  assert.deepEqual(stream.next(), { type: 1, body: hex('bb cc dd') });
  assert.deepEqual(stream.next(), { type: 2, body: hex('') });
  assert.equal(stream.next(), undefined);
});

test('parts too far off or too many are left out', () => {
  const stream = new CryptoStream();
  stream.add(70_000, hex('00'));
  stream.add(65_536, hex('00'));
  for (let i = 0; i < 200; i++) stream.add(10 + i * 2, hex('00'));
  stream.add(0, hex('14 000000'));
  assert.equal(stream.next(), undefined, 'there were too many gaps before');
});
