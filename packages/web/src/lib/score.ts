/** Threat scores as people see them: an integer percent with a band that has a shape and a colour besides its number. */

export type BandName = 'trace' | 'low' | 'moderate' | 'high' | 'critical';

export interface Band {
  name: BandName;
  /** Lowest percent of the band. */
  from: number;
  shape: string;
}

export const BANDS: readonly Band[] = [
  { name: 'trace', from: 0, shape: '○' },
  { name: 'low', from: 20, shape: '●' },
  { name: 'moderate', from: 40, shape: '■' },
  { name: 'high', from: 60, shape: '▲' },
  { name: 'critical', from: 80, shape: '◆' },
];

/** A score 0-1 as integer percent; whatever lies outside, or is no number, is brought inside. */
export function percentOf(score: number): number {
  return Number.isFinite(score) ? Math.min(100, Math.max(0, Math.round(score * 100))) : 0;
}

/** The band of a percent. */
export function bandOf(percent: number): Band {
  return BANDS.findLast((band) => percent >= band.from) ?? BANDS[0]!;
}
