import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from '@thymus/core';
import { foldSum, sumWords } from './checksum.ts';

/** RFC 1071 word by word. */
function plain(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  return foldSum(sum);
}

test('the sum of the example in RFC 1071 section 3', () => {
  const bytes = new Uint8Array([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
  assert.equal(foldSum(sumWords(bytes, 0, 8, 0)), 0xddf2);
});

test('the sum is the same at every offset and every length, odd ones too', () => {
  const random = new Random(7);
  const whole = Uint8Array.from({ length: 400 }, () => random.integer(0, 255));
  const shifted = new Uint8Array(whole.buffer, 3, 390);
  for (const bytes of [whole, shifted]) {
    for (let from = 0; from < 20; from++) {
      for (let to = from; to < bytes.length; to += 1 + (to % 3)) {
        assert.equal(foldSum(sumWords(bytes, from, to, 0)), plain(bytes.subarray(from, to)), `${from} ${to}`);
      }
    }
  }
});

test('nothing is lost in the largest packet, nor of what was summed before', () => {
  const bytes = new Uint8Array(65_535).fill(0xff);
  assert.equal(foldSum(sumWords(bytes, 0, bytes.length, 0)), plain(bytes));
  assert.equal(foldSum(sumWords(bytes, 0, 100, 0x1_2345)), foldSum(0x1_2345 + 50 * 0xffff));
});
