/** How strong a breach is. One formula, from parts that are kept with the breach, so that anybody can do the sum again. */

/** How the score changes when the same model breaches again: falls, stays, peaks at the second or third, rises. */
export type Behaviour = 'decreasing' | 'flat' | 'incdec1' | 'increasing';

/** Everything the score was made of; `scoreOf` gives the same number again. */
export interface ScoreParts {
  priority: number;
  /** 0.25, 0.25, 0.5, 0.674, 0.871, 1.0 for priority 0 to 5. */
  base: number;
  /** Chance of the breach on a usual day, combined over its components. */
  probability: number;
  behaviour: Behaviour;
  /** Fading counts of earlier breaches of this model: by the device, by others per 100 devices. */
  deviceRepeats: number;
  networkRepeats: number;
  /** 0.6 while the device is still being learned, else 1. */
  learningFactor: number;
}

/** Parts as another program tells them, perhaps a newer one that knows more behaviours. */
export type ToldScoreParts = Omit<ScoreParts, 'behaviour'> & { behaviour: string };

/** What the score is the product of. */
export interface ScoreFactors {
  base: number;
  /** 0.7 for what happens every day to 1 for a chance of one in a million. */
  strength: number;
  learning: number;
  habituation: number;
}

/** Score of a first, strongest breach by priority 0 to 5: values that appliances of the vendor show in recorded breaches. */
const BASE = [0.25, 0.25, 0.5, 0.674, 0.871, 1] as const;

/** No breach is scored lower: the weakest still shows on a slider that hides nothing. */
export const LOWEST_SCORE = 0.05;

/** Chance below which a breach counts as strong as can be: 1 in a million. */
const STRONGEST = 6;

export const baseOf = (priority: number): number => BASE[Math.min(5, Math.max(0, Math.round(priority)))]!;

/** How far below certainty a chance lies, 0-1: 0 for a chance of 1, 1 for a chance of 1e-6 or less. */
export const strengthOf = (probability: number): number =>
  Math.min(1, Math.max(0, -Math.log10(Math.max(probability, 1e-12)) / STRONGEST));

/**
 * Factor for repeated breaches. Decreasing models fade with every repeat on the device, and slower with repeats on other
 * devices; flat ones never; increasing ones start low; incdec1 rises to the third breach and fades from there. A behaviour
 * that is not known changes nothing.
 */
export function habituationOf(behaviour: string, deviceRepeats: number, networkRepeats: number): number {
  switch (behaviour as Behaviour) {
    case 'decreasing':
      return 1 / (1 + 0.5 * deviceRepeats + 0.15 * networkRepeats);
    case 'incdec1':
      return deviceRepeats <= 2 ? 0.7 + 0.15 * deviceRepeats : 1 / (1 + 0.5 * (deviceRepeats - 2));
    case 'increasing':
      return Math.min(1, 0.4 + 0.2 * deviceRepeats);
    default:
      return 1;
  }
}

export const scoreFactors = (parts: ToldScoreParts): ScoreFactors => ({
  base: parts.base,
  strength: 0.7 + 0.3 * strengthOf(parts.probability),
  learning: parts.learningFactor,
  habituation: habituationOf(parts.behaviour, parts.deviceRepeats, parts.networkRepeats),
});

/** `pbscore` before and `score` after habituation, both 0-1 and rounded to 3 decimals as the API gives them. */
export function scoreOf(parts: ToldScoreParts): { score: number; pbscore: number } {
  const { base, strength, learning, habituation } = scoreFactors(parts);
  const fresh = base * strength * learning;
  return { score: shown(fresh * habituation), pbscore: shown(fresh) };
}

const shown = (score: number): number => Math.round(Math.min(1, Math.max(LOWEST_SCORE, score)) * 1000) / 1000;
