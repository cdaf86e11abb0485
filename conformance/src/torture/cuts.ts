/** Captures that end where they should not: each file is cut at random places and read as it then is. */
import { copyFileSync, statSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCaptures } from '@thymus/capture';
import { Random } from '@thymus/core';
import { DISSECTORS, Engine } from '@thymus/dpi';
import { LIMITS } from './rounds.ts';

export interface CutReport {
  cuts: number;
  packets: number;
  faults: string[];
}

/** Reads every capture of `from` with its first n bytes only, for `times` random n; `folder` is for copies. */
export async function readCuts(
  from: string,
  files: readonly string[],
  times: number,
  seed: number,
  folder: string,
): Promise<CutReport> {
  const report: CutReport = { cuts: 0, packets: 0, faults: [] };
  for (const [i, file] of files.entries()) {
    const copy = join(folder, basename(file));
    copyFileSync(join(from, file), copy);
    const { size } = statSync(copy);
    const random = new Random(seed * 1_009 + i);
    const sizes = Array.from({ length: times }, () => random.integer(0, size)).sort((a, b) => b - a);
    for (const left of sizes) {
      truncateSync(copy, left);
      await readCut(copy, `${file} cut at byte ${left}`, report);
    }
  }
  return report;
}

async function readCut(path: string, name: string, report: CutReport): Promise<void> {
  const engine = new Engine({ checksums: 'ignore', limits: LIMITS }, () => {}, DISSECTORS);
  try {
    await readCaptures([path], engine);
    engine.finish();
  } catch (error) {
    report.faults.push(`${name}: ${(error as Error).stack}`);
  }
  const { packets, faults, flows_open } = engine.counters;
  report.cuts++;
  report.packets += packets!;
  if (faults! > 0) report.faults.push(`${name}: ${faults} faults of dissectors`);
  if (flows_open !== 0) report.faults.push(`${name}: flows are left over`);
}
