import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../packages/core/src/index.ts';
import { type Frame, mutate } from './mutate.ts';

const UDP =
  '020000000002 020000000001 0800 4500 0020 0001 0000 4011 0000 0a010203 c0000209 1388 0035 000c 0000 61626364';

const recorded = (): Frame[] =>
  Array.from({ length: 400 }, (_, i) => {
    const bytes = Buffer.from(UDP.replaceAll(' ', ''), 'hex');
    return { bytes, wirelen: bytes.length, ts: i, linktype: 1 };
  });

test('the same seed gives the same frames, another seed others', () => {
  const [a, b, c] = [1, 1, 2].map((seed) => mutate(recorded(), new Random(seed)));
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

test('what was recorded is left alone, and most but not all of it is changed', () => {
  const frames = recorded();
  const { frames: made, changes } = mutate(frames, new Random(3));
  assert.deepEqual(frames, recorded());
  const same = made.filter(({ bytes }) => bytes.equals(frames[0]!.bytes)).length;
  assert.ok(same > 100 && same < 300, `${same}`);
  assert.ok(changes > 200 && changes < 400, `${changes}`);
});

test('times never run backwards, and no frame says that it is longer than on the wire', () => {
  let last = 0;
  for (const { ts, bytes, wirelen } of mutate(recorded(), new Random(4)).frames) {
    assert.ok(ts >= last);
    assert.ok(bytes.length <= wirelen);
    last = ts;
  }
});

test('no frames and empty frames stay what they are', () => {
  assert.deepEqual(mutate([], new Random(5)), { frames: [], changes: 0 });
  const empty = { bytes: Buffer.alloc(0), wirelen: 0, ts: 0, linktype: 1 };
  assert.deepEqual(mutate([empty], new Random(5)), { frames: [empty], changes: 0 });
});
