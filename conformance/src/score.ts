/** Scores per log: averages over captures, so that one capture with a thousand rows counts like any other. */
import type { Comparison } from './compare.ts';

export interface Score {
  log: string;
  captures: number;
  rows: number;
  /** Share of expected rows that were found, 0 to 1. */
  macroRows: number;
  /** Share of compared fields that are equal, 0 to 1. */
  macroFields: number;
  /** Rows that nothing expected, per expected row. */
  extraRows: number;
}

/** The comparison of one log in one set of one capture. */
export interface Result {
  readonly capture: string;
  readonly set: string;
  readonly log: string;
  readonly comparison: Comparison;
}

/** Scores of all logs, most captures first. */
export function scoreLogs(results: readonly Result[]): Score[] {
  const scores: Score[] = [];
  for (const [log, ofLog] of Map.groupBy(results, (result) => result.log)) {
    const captures = [...Map.groupBy(ofLog, (result) => result.capture).values()];
    const average = (share: (c: Comparison) => number): number =>
      round(mean(captures.map((sets) => mean(sets.map(({ comparison }) => share(comparison))))));
    scores.push({
      log,
      captures: captures.length,
      rows: ofLog.reduce((sum, { comparison }) => sum + comparison.rows, 0),
      macroRows: average(({ found, rows }) => (rows === 0 ? 1 : found / rows)),
      macroFields: average(({ equal, fields }) => (fields === 0 ? 1 : equal / fields)),
      extraRows: average(({ extra, rows }) => extra / Math.max(1, rows)),
    });
  }
  return scores.sort((a, b) => b.captures - a.captures || (a.log < b.log ? -1 : 1));
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
