import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from './harness.ts';
import { type Framing, Messages } from './messages.ts';

/** One byte of length, itself not counted; 00 is broken. */
const FRAMING: Framing = { header: 1, most: 4, lengthOf: (bytes, at) => (bytes[at] ? bytes[at]! + 1 : -1) };

function messages(goesOn = true) {
  const taken: string[] = [];
  const take = (bytes: Uint8Array) => {
    taken.push(Buffer.from(bytes).toString('hex'));
    return goesOn;
  };
  return { taken, stream: new Messages(FRAMING, take) };
}

test('what is not all there is left for later', () => {
  const { taken, stream } = messages();
  assert.equal(stream.feed(hex('01aa 02bb')), 2);
  assert.equal(stream.feed(hex('02bbcc')), 3);
  assert.deepEqual(taken, ['01aa', '02bbcc']);
});

test('of a long message the beginning is taken and the rest passed over', () => {
  const { taken, stream } = messages();
  assert.equal(stream.feed(hex('06 010203 04')), 5);
  assert.equal(stream.feed(hex('0506 01aa')), 4);
  assert.deepEqual(taken, ['06010203', '01aa']);
});

test('bytes that nobody wanted may be lost', () => {
  const { taken, stream } = messages();
  stream.feed(hex('06 010203'));
  assert.equal(stream.gap(3), true);
  stream.feed(hex('01aa'));
  assert.deepEqual(taken, ['06010203', '01aa']);
  assert.equal(stream.gap(1), false);
});

test('it stops behind a message that is the last, and at broken ones', () => {
  assert.equal(messages(false).stream.feed(hex('01aa 01bb')), 2);
  assert.equal(messages().stream.feed(hex('01aa 00')), -1);
});
