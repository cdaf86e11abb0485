import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Random } from '@thymus/core';
import { sharedFolder } from '../../../tools/shared.ts';
import { detectFileType } from './files/detect-file-type.ts';
import { expandPaths } from './files/expand-paths.ts';
import { inFolder } from './files/hand-made.ts';
import { readCaptures } from './files/read-captures.ts';
import { readLogs } from './logs/read-logs.ts';

const shared = sharedFolder();
const withCorpora = { skip: shared === undefined ? 'no corpora' : false };
const nothing = { packet: () => undefined };

interface Manifest {
  captures: { file: string; packets: number }[];
}

function captures(): { path: string; packets: number }[] {
  const folder = join(shared!, 'corpora/zeek');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  return manifest.captures.map(({ file, packets }) => ({ path: join(folder, file), packets }));
}

test('every capture of the corpus gives the packets that its manifest counts', withCorpora, async () => {
  for (const { path, packets } of captures()) {
    const summary = await readCaptures([path], nothing);
    assert.deepEqual([summary.packets, summary.faults], [packets, []], path);
  }
});

test('all captures of the corpus at once give the same packets', withCorpora, async () => {
  const all = captures();
  const summary = await readCaptures(
    all.map(({ path }) => path),
    nothing,
  );
  assert.deepEqual(summary.faults, []);
  assert.equal(
    summary.packets,
    all.reduce((sum, { packets }) => sum + packets, 0),
  );
});

test('captures cut and changed at random are read as far as they go', withCorpora, async () => {
  const random = new Random(3);
  await inFolder(async (write) => {
    for (const { path } of captures().filter((_, i) => i % 9 === 0)) {
      const bytes = readFileSync(path);
      for (let i = bytes.length / 100; i >= 0; i--)
        bytes[random.integer(0, bytes.length - 1)]! ^= 1 << random.integer(0, 7);
      const changed = write('changed', bytes.subarray(0, random.integer(0, bytes.length)));
      const { faults } = await readCaptures([changed], nothing);
      assert.ok(faults.length <= 1);
    }
  });
});

/** Lines of a log that are neither header nor empty. */
const countLines = (path: string): number =>
  gunzipSync(readFileSync(path))
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')).length;

test(
  'every line of every log of the corpus becomes a record or belongs to a type told',
  withCorpora,
  async () => {
    const paths = await expandPaths([join(shared!, 'corpora/detection')]);
    const logs = paths.filter((path) => /\.log(\.labeled)?\.gz$/.test(path));
    assert.ok(logs.length > 50);
    for (const path of logs) {
      assert.match(await detectFileType(path), /^zeek-/);
      const { records, faults, skipped } = await readLogs([path], () => undefined);
      const passed = skipped.reduce((sum, { lines }) => sum + lines, 0);
      assert.deepEqual(faults, [], path);
      assert.equal(records + passed, countLines(path), path);
    }
  },
);

test('three days of logs come in the order in which they were logged', withCorpora, async () => {
  const folder = join(shared!, 'corpora/detection/rita-missing-host');
  assert.ok(existsSync(folder));
  let [last, count] = [0, 0];
  const { records } = await readLogs(await expandPaths([folder]), (record) => {
    const logged = record.ts + (record.kind === 'conn' ? (record.duration ?? 0) : 0);
    assert.ok(logged >= last);
    last = logged;
    count++;
  });
  assert.equal(records, count);
});
