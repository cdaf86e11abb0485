/** How strong a breach is. One formula, from parts that are kept with the breach, so that anybody can do the sum again. */
import type { ScoreParts } from '../breach.ts';
import type { Behaviour } from '../model.ts';

/** Score of a first, strongest breach by priority 0 to 5: values that appliances of the vendor show in recorded breaches. */
const BASE = [0.25, 0.25, 0.5, 0.674, 0.871, 1] as const;

/** The weakest breach still shows on a slider that hides nothing. */
const FLOOR = 0.05;

/** Chance below which a breach counts as strong as can be: 1 in a million. */
const STRONGEST = 6;

export const baseOf = (priority: number): number => BASE[Math.min(5, Math.max(0, Math.round(priority)))]!;

/** 0 for a chance of 1, 1 for a chance of 1e-6 or less. */
export const strengthOf = (probability: number): number =>
  Math.min(1, Math.max(0, -Math.log10(Math.max(probability, 1e-12)) / STRONGEST));

/**
 * Factor for repeated breaches. Decreasing models fade with every repeat on the device, and slower with repeats on other
 * devices; flat ones never; increasing ones start low; incdec1 rises to the third breach and fades from there.
 */
export function habituationOf(behaviour: Behaviour, deviceRepeats: number, networkRepeats: number): number {
  switch (behaviour) {
    case 'flat':
      return 1;
    case 'increasing':
      return Math.min(1, 0.4 + 0.2 * deviceRepeats);
    case 'incdec1':
      return deviceRepeats <= 2 ? 0.7 + 0.15 * deviceRepeats : 1 / (1 + 0.5 * (deviceRepeats - 2));
    case 'decreasing':
      return 1 / (1 + 0.5 * deviceRepeats + 0.15 * networkRepeats);
  }
}

/** `pbscore` before and `score` after habituation, both 0-1 and rounded to 3 decimals as the API gives them. */
export function scoreOf(parts: ScoreParts): { score: number; pbscore: number } {
  const fresh = parts.base * (0.7 + 0.3 * strengthOf(parts.probability)) * parts.learningFactor;
  const h = habituationOf(parts.behaviour, parts.deviceRepeats, parts.networkRepeats);
  return { score: rounded(Math.max(FLOOR, fresh * h)), pbscore: rounded(Math.max(FLOOR, fresh)) };
}

const rounded = (x: number): number => Math.round(Math.min(1, x) * 1000) / 1000;

/**
 * One chance from several by the Cauchy combination (Liu and Xie 2020): exact for independent ones, hardly wrong for
 * dependent ones, where Fisher's method raised 600 times too many alarms on correlated metrics.
 */
export function combined(probabilities: readonly number[]): number {
  if (probabilities.length === 0) return 1;
  if (probabilities.length === 1) return probabilities[0]!;
  let sum = 0;
  for (const p of probabilities) sum += cauchy(Math.min(Math.max(p, 1e-12), 1 - 1e-9));
  const mean = sum / probabilities.length;
  return mean > 1e6 ? 1 / (Math.PI * mean) : 0.5 - Math.atan(mean) / Math.PI;
}

/** Standard Cauchy quantile of 1 - p; its series for small p, where the tangent loses digits. */
const cauchy = (p: number): number => (p < 1e-6 ? 1 / (Math.PI * p) : Math.tan((0.5 - p) * Math.PI));
