/**
 * Hostile traffic made from the corpus: mutated packets and captures cut anywhere bring no fault, memory stays flat, and
 * the slowest packets take no longer than a millisecond. `--packets=N`, `--cuts=N` for each capture, `--seed=N`.
 */
import { join } from 'node:path';
import { captureFiles } from '../../conformance/src/corpus.ts';
import { readCuts } from '../../conformance/src/torture/cuts.ts';
import { megabytes, readFrames, torture } from '../../conformance/src/torture/torture.ts';
import { sharedFolder } from '../../tools/shared.ts';
import { numberOption, type SuiteContext } from '../src/suite-context.ts';

/** Median of a hundred repeats, ms. */
const LONGEST = 1;
/** Of the heap between the third round, when everything is warm, and any later one, bytes. */
const MOST_GROWTH = 64e6;
const MOST_TOLD = 50;

export async function run({ folder, say }: SuiteContext): Promise<void> {
  const shared = sharedFolder();
  if (!shared) throw new Error('The suite needs the recordings of the reference corpora.');
  const corpus = join(shared, 'corpora/zeek');
  const files = captureFiles(corpus, undefined);
  const seed = numberOption('seed', 1);
  const mutated = torture(await readFrames(corpus, files), numberOption('packets', 1_000_000), seed, say);
  say(`${mutated.mutated} mutated packets among ${mutated.packets}, seed ${seed}.`);
  const growth = Math.max(0, ...mutated.heap.slice(3)) - (mutated.heap[2] ?? Number.POSITIVE_INFINITY);
  say(
    `heap: ${mutated.heap.map(megabytes).join(' ')} MB; growth after the third round ${megabytes(growth)} MB`,
  );
  for (const { name, median } of mutated.slowest.slice(0, 10)) say(`${median.toFixed(3)} ms  ${name}`);
  const cut = await readCuts(corpus, files, numberOption('cuts', 200), seed, folder);
  say(`${cut.cuts} cut captures, ${cut.packets} packets.`);
  const slow = mutated.slowest.filter(({ median }) => median > LONGEST);
  const faults = [
    ...mutated.faults,
    ...cut.faults,
    ...slow.map(({ name, median }) => `${name}: ${median.toFixed(2)} ms, more than ${LONGEST}`),
    ...(growth > MOST_GROWTH ? [`the heap grew by ${megabytes(growth)} MB`] : []),
  ];
  for (const fault of faults.slice(0, MOST_TOLD)) say(fault);
  if (faults.length > 0) throw new Error(`${faults.length} faults`);
}
