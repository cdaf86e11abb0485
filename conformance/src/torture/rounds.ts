/** What one round over the corpus is read with, and the seed that repeats it. */
import type { EngineOptions } from '@thymus/dpi';
import type { Frame } from '../../../tools/traffic/mutate.ts';

/** Small, so that every cap is reached. */
export const LIMITS = { flows: 256, fragments: 32, outOfOrderBytes: 20_000, messageBytes: 20_000 };

/** A small table: the memory of a large one comes page by page, which would be taken for the packets' time. */
const ROOMY = { flows: 4_096 };

export interface Recorded {
  name: string;
  frames: Frame[];
}

/** What a round is read with: every second one with files hashed and roomy limits. */
export function optionsOf(round: number): EngineOptions {
  const files = { hashes: round % 2 === 0, extractLimit: 0 };
  return { checksums: 'ignore', files, limits: round % 2 === 0 ? ROOMY : LIMITS };
}

export const seedOf = (seed: number, round: number, capture: number): number =>
  seed * 1_000_003 + round * 1_009 + capture;
