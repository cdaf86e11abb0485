import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '../index.ts';
import { BatchBuilder, BlockBuilder, blockRows, packBlock, readBlock, unpackBlock } from './block.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const weird = (i: number): LogRecord => ({ kind: 'weird', ts: NOON + i, name: `w${i}`, notice: false });

function block(n = 3) {
  const builder = new BlockBuilder('weird');
  for (let i = 0; i < n; i++) builder.add(weird(i));
  return builder.seal('sensor', 2, 9)!;
}

test('a block gives its records back, with the place of each row', () => {
  const packed = packBlock(block());
  const { header } = unpackBlock(packed);
  assert.deepEqual(
    [header.kind, header.source, header.epoch, header.sequence, header.rows, header.minTs, header.maxTs],
    ['weird', 'sensor', 2, 9, 3, NOON, NOON + 2],
  );
  const rows = blockRows(unpackBlock(packed));
  const seen: LogRecord[] = [];
  let last = 0;
  readBlock(unpackBlock(packed), rows, (record, start, end) => {
    assert.equal(start, last);
    last = end;
    seen.push(record);
  });
  assert.equal(last, rows.length);
  assert.deepEqual(seen, [weird(0), weird(1), weird(2)]);
});

test('an empty builder seals nothing, a sealed one starts anew', () => {
  const builder = new BlockBuilder('weird');
  assert.equal(builder.seal('s', 0, 1), undefined);
  builder.add(weird(1));
  assert.ok(builder.size > 0);
  assert.equal(builder.seal('s', 0, 1)?.header.rows, 1);
  assert.equal(builder.rows, 0);
  assert.equal(builder.minTs, Number.POSITIVE_INFINITY);
});

test('a batch numbers its blocks without gaps and marks the last one', () => {
  const batch = new BatchBuilder('import', 0, 4);
  batch.add(weird(1));
  batch.add({ kind: 'notice', ts: NOON, note: 'n' });
  batch.add(weird(2));
  assert.equal(batch.rows, 3);
  const summary = () => batch.seal().map(({ header: h }) => [h.kind, h.sequence, h.rows, h.endsBatch]);
  assert.deepEqual(summary(), [
    ['weird', 5, 2, false],
    ['notice', 6, 1, true],
  ]);
  assert.deepEqual(summary(), []);
  batch.add({ kind: 'notice', ts: NOON, note: 'n' });
  assert.deepEqual(summary(), [['notice', 7, 1, true]]);
});

test('any flipped bit is found before anything is read', () => {
  const packed = packBlock(block());
  for (let i = 0; i < packed.length * 8; i++) {
    const damaged = Uint8Array.from(packed);
    damaged[i >> 3]! ^= 1 << (i & 7);
    assert.throws(() => unpackBlock(damaged), { code: 'BAD_FILE' });
  }
});

test('a cut block, one that promises too much and one of an unknown kind are refused', () => {
  const packed = packBlock(block());
  assert.throws(() => unpackBlock(packed.subarray(0, 3)), { code: 'BAD_FILE' });
  assert.throws(() => unpackBlock(packed.subarray(0, 40)), { code: 'BAD_FILE' });
  assert.throws(() => unpackBlock(packed.subarray(0, -1)), { code: 'BAD_FILE' });
  const good = block();
  const big = packBlock({ ...good, header: { ...good.header, size: 2 ** 40 } });
  assert.throws(() => unpackBlock(big), { code: 'BAD_FILE' });
  const wrongSize = { ...good, header: { ...good.header, size: 2 } };
  assert.throws(() => blockRows(wrongSize), { code: 'BAD_FILE' });
  const unknown = { ...good, header: { ...good.header, kind: 'x' as 'weird' } };
  assert.throws(() => readBlock(unknown, blockRows(good), () => {}), { code: 'BAD_FILE' });
  const more = { ...good, header: { ...good.header, rows: 99 } };
  assert.throws(() => readBlock(more, blockRows(good), () => {}), { code: 'BAD_FILE' });
});
