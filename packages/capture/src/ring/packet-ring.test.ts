import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ThymusError } from '@thymus/core';
import { inFolder, keeper } from '../files/hand-made.ts';
import { readCaptures } from '../files/read-captures.ts';
import { PacketRing, SMALLEST_RING } from './packet-ring.ts';
import { type RingQuery, readRing } from './read-ring.ts';
import { listSegments } from './segment-files.ts';

const START = 1_700_000_000_000;
const ALWAYS: RingQuery = { from: 0, to: 1e15, keys: [] };
const text = (i: number) => `packet ${i} `.padEnd(1000, '.');
const keysOf = (i: number) => ({ source: 1000 + (i % 7), dest: 2000 + Math.floor(i / 500), flow: 3000 + i });

/** Writes packets a millisecond apart. */
function fill(ring: PacketRing, from: number, to: number, linktype = 1): void {
  for (let i = from; i < to; i++) {
    const bytes = Buffer.from(text(i));
    ring.write(bytes, 0, bytes.length, 1500, START + i, linktype, keysOf(i));
  }
}

function numbers(folder: string, query = ALWAYS): number[] {
  const sink = keeper();
  readRing(folder, query, sink);
  return sink.seen.map((packet) => Number(packet.text.split(' ')[1]));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('what was flushed is read back, with time, lengths and link type', async () => {
  await inFolder(async (_, folder) => {
    const ring = new PacketRing(join(folder, 'ring'), { bytes: SMALLEST_RING });
    fill(ring, 0, 3);
    assert.deepEqual(numbers(join(folder, 'ring')), []);
    ring.flush();
    fill(ring, 3, 5, 101);
    ring.close();
    const sink = keeper();
    readRing(join(folder, 'ring'), ALWAYS, sink);
    assert.deepEqual(sink.seen[1], {
      ts: START + 1,
      caplen: 1000,
      wirelen: 1500,
      linktype: 1,
      text: text(1),
    });
    assert.equal(sink.seen[4]!.linktype, 101);
    const summary = await readCaptures(
      listSegments(join(folder, 'ring')).map(({ path }) => path),
      sink,
    );
    assert.deepEqual([summary.packets, summary.faults], [5, []]);
  });
});

test('the ring keeps to its size and holds the latest packets without a gap', async () => {
  await inFolder(async (_, folder) => {
    const ring = new PacketRing(folder, { bytes: SMALLEST_RING });
    fill(ring, 0, 20_000);
    ring.close();
    const sizes = listSegments(folder).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(sizes <= SMALLEST_RING && sizes > SMALLEST_RING / 3, `${sizes}`);
    const seen = numbers(folder);
    assert.deepEqual(seen, range(seen[0]!, 20_000));
    assert.equal(ring.status.packetsLost, 0);
  });
});

test('a slice of time gives its packets, and keys pass over blocks', async () => {
  await inFolder(async (_, folder) => {
    const ring = new PacketRing(folder, { bytes: SMALLEST_RING });
    fill(ring, 0, 2000);
    ring.close();
    assert.deepEqual(numbers(folder, { from: START + 700, to: START + 710, keys: [] }), range(700, 711));
    const some = numbers(folder, { ...ALWAYS, keys: [keysOf(1600).dest, keysOf(1600).flow] });
    assert.ok(some.includes(1600) && some.length < 1000, `${some.length}`);
  });
});

test('a ring that was cut off anywhere is read as far as it goes, and goes on', async () => {
  await inFolder(async (_, folder) => {
    const ring = new PacketRing(folder, { bytes: SMALLEST_RING });
    fill(ring, 0, 700);
    ring.flush();
    // Never closed: the process was killed, and the last packet was written in part.
    const [segment] = listSegments(folder);
    truncateSync(segment!.path, readFileSync(segment!.path).length - 500);
    assert.deepEqual(numbers(folder), range(0, 699));
    truncateSync(segment!.indexPath, readFileSync(segment!.indexPath).length - 9);
    assert.deepEqual(numbers(folder), range(0, 699));
    writeFileSync(segment!.indexPath, Buffer.alloc(4000, 0xff));
    assert.deepEqual(numbers(folder), range(0, 699));
    rmSync(segment!.indexPath);
    const again = new PacketRing(folder, { bytes: SMALLEST_RING });
    fill(again, 700, 710);
    again.close();
    assert.deepEqual(numbers(folder), [...range(0, 699), ...range(700, 710)]);
    appendFileSync(segment!.path, Buffer.alloc(40, 0xff));
    assert.equal(numbers(folder).length, 709);
    truncateSync(segment!.path, 10);
    assert.deepEqual(numbers(folder), range(700, 710));
    ring.close();
  });
});

test('what cannot be written is counted, and does not throw', async () => {
  await inFolder(async (_, folder) => {
    const ring = new PacketRing(join(folder, 'ring'), { bytes: SMALLEST_RING });
    rmSync(join(folder, 'ring'), { recursive: true });
    fill(ring, 0, 10);
    ring.close();
    assert.equal(ring.status.packetsLost, 10);
    assert.match(ring.status.fault, /cannot be written \(ENOENT\)/);
  });
});

test('packets of two links that take turns are kept in one file for each', async () => {
  await inFolder(async (_, folder) => {
    const ring = new PacketRing(folder, { bytes: SMALLEST_RING });
    for (let i = 0; i < 100; i++) fill(ring, i, i + 1, i % 2 === 0 ? 1 : 101);
    ring.close();
    assert.equal(listSegments(folder).length, 2);
    assert.equal(numbers(folder).length, 100);
  });
});

test('too small a ring and a folder that cannot be are refused', async () => {
  await inFolder(async (write, folder) => {
    assert.throws(() => new PacketRing(folder, { bytes: 1000 }), ThymusError);
    const file = write('file', 'x');
    assert.throws(() => new PacketRing(join(file, 'ring'), { bytes: SMALLEST_RING }), /cannot be made/);
  });
});
