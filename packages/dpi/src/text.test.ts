import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldText, hexText, latin1Text, MAX_TEXT } from './text.ts';

test('bytes are read as UTF-8, and shown one by one where they are none', () => {
  assert.equal(fieldText(Uint8Array.of(0x61, 0xc3, 0xa9)), 'aé');
  assert.equal(fieldText(Uint8Array.of(0x61, 0xd9, 0x63)), 'a\\xd9c');
  assert.equal(fieldText(Uint8Array.of(1, 0x61, 0x62, 2), 1, 3), 'ab');
  assert.equal(latin1Text(Uint8Array.of(0x61, 0xe9)), 'aé');
});

test('a very long text is cut, between characters', () => {
  const bytes = new Uint8Array(MAX_TEXT + 10).fill(0x61);
  assert.equal(fieldText(bytes).length, MAX_TEXT);
  bytes.set([0xc3, 0xa9], MAX_TEXT - 1);
  assert.equal(fieldText(bytes), 'a'.repeat(MAX_TEXT - 1));
});

test('digits may be parted', () => {
  assert.equal(hexText(Uint8Array.of(0, 0x1f, 0xa0), 0, 3), '001fa0');
  assert.equal(hexText(Uint8Array.of(0, 0x1f, 0xa0), 1, 3, ':'), '1f:a0');
});
