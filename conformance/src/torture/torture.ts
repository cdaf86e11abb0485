/** Hostile traffic made from the corpus goes through the engine with all dissectors: what fails, grows or is slow. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readCaptures } from '@thymus/capture';
import { Random } from '@thymus/core';
import { DISSECTORS, Engine } from '@thymus/dpi';
import { type Frame, mutate } from '../../../tools/traffic/mutate.ts';
import { optionsOf, type Recorded, seedOf } from './rounds.ts';
import { Slowest, type SlowPacket } from './slowest.ts';

export interface TortureReport {
  /** Packets read, and those of them that were mutated. */
  packets: number;
  mutated: number;
  /** What went wrong, with the seed that repeats it. */
  faults: string[];
  /** Heap after each round, bytes, garbage collected. */
  heap: number[];
  /** Median times of the slowest packets, slowest first. */
  slowest: SlowPacket[];
}

export async function readFrames(folder: string, files: readonly string[]): Promise<Recorded[]> {
  const all: Recorded[] = [];
  for (const name of files) {
    const frames: Frame[] = [];
    await readCaptures([join(folder, name)], {
      packet(bytes, offset, caplen, wirelen, ts, linktype) {
        frames.push({ bytes: Buffer.from(bytes.subarray(offset, offset + caplen)), wirelen, ts, linktype });
      },
    });
    all.push({ name, frames });
  }
  return all;
}

/** All captures, mutated anew in each round, through one engine a round, until `wanted` mutated packets were read. */
export function torture(
  recorded: readonly Recorded[],
  wanted: number,
  seed: number,
  say: (text: string) => void,
): TortureReport {
  const report: TortureReport = { packets: 0, mutated: 0, faults: [], heap: [], slowest: [] };
  const slowest = new Slowest(recorded, seed);
  const engines = [1, 2].map((round) => new Engine(optionsOf(round), () => {}, DISSECTORS));
  for (let round = 1; report.mutated < wanted; round++) {
    const engine = engines[(round + 1) % 2]!;
    readRound(engine, recorded, { seed, round }, report, slowest);
    report.heap.push(collectedHeap());
    if (round % 5 === 0) say(`${report.mutated} mutated packets, heap ${megabytes(report.heap.at(-1)!)} MB`);
  }
  report.slowest = slowest.judge();
  return report;
}

function readRound(
  engine: Engine,
  recorded: readonly Recorded[],
  { seed, round }: { seed: number; round: number },
  report: TortureReport,
  slowest: Slowest,
): void {
  for (const [capture, { name, frames }] of recorded.entries()) {
    const before = engine.counters['faults']!;
    const { frames: made, changes } = mutate(frames, new Random(seedOf(seed, round, capture)));
    report.mutated += changes;
    report.packets += made.length;
    const place = `${name}, seed ${seed}, round ${round}`;
    try {
      for (const [index, { bytes, wirelen, ts, linktype }] of made.entries()) {
        const started = performance.now();
        engine.packet(bytes, 0, bytes.length, wirelen, ts, linktype);
        slowest.note(performance.now() - started, { capture, round, index });
      }
      engine.finish();
    } catch (error) {
      report.faults.push(`${place}: ${(error as Error).stack}`);
    }
    const { faults, flows_open, out_of_order_bytes, fragments_waiting } = engine.counters;
    if (faults! > before) report.faults.push(`${place}: ${faults! - before} faults of dissectors`);
    if (flows_open !== 0) report.faults.push(`${place}: flows are left over`);
    if (out_of_order_bytes !== 0 || fragments_waiting !== 0)
      report.faults.push(`${place}: segments or fragments are left over`);
  }
}

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

let collect: (() => void) | undefined;

/** Bytes of the heap and of buffers outside of it, after a full collection. */
function collectedHeap(): number {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
