/** Why a breach scored as it did: its parts as steps that multiply to the score, its components as plain sentences. */
import type { explainBreach, ReplyOf } from '@thymus/contract';
import { formatChance, formatQuantity } from '../../lib/quantity.ts';
import { percentOf } from '../../lib/score.ts';

export type Explanation = ReplyOf<typeof explainBreach>;
export type Component = Explanation['components'][number];

export interface Step {
  name: string;
  /** What the step does to the number, 0-1 or more. */
  factor: number;
  /** The number after the step, 0-1. */
  after: number;
  why: string;
}

const BEHAVIOURS: Record<string, string> = {
  decreasing: 'falls each time the model breaches again',
  flat: 'stays the same each time',
  incdec1: 'rises until the third breach, then falls',
  increasing: 'rises each time the model breaches again',
};

/** How far below the evidence of a practically impossible event the chance lies, 0-1: a chance of 10^-6 is full strength. */
export function strengthOf(probability: number): number {
  if (!(probability > 0)) return 1;
  return Math.min(1, Math.max(0, -Math.log10(probability) / 6));
}

/** The steps from the priority of the model to the score; the last one's `after` is the score. */
export function scoreSteps({ parts, score, pbscore }: Explanation): Step[] {
  const strength = strengthOf(parts.probability);
  const weight = 0.7 + 0.3 * strength;
  const fresh = parts.base * weight;
  const steps: Step[] = [
    {
      name: 'Base',
      factor: parts.base,
      after: parts.base,
      why: `priority ${parts.priority} of the model`,
    },
    {
      name: 'Strength',
      factor: weight,
      after: fresh,
      why: `chance on a usual day: ${formatChance(parts.probability)}`,
    },
  ];
  if (parts.learningFactor !== 1)
    steps.push({
      name: 'Learning',
      factor: parts.learningFactor,
      after: fresh * parts.learningFactor,
      why: 'the device was still being learned',
    });
  const before = steps.at(-1)?.after ?? pbscore;
  steps.push({
    name: 'Habituation',
    factor: before > 0 ? score / before : 1,
    after: score,
    why: `${BEHAVIOURS[parts.behaviour] ?? parts.behaviour}; earlier breaches, fading: ${count(parts.deviceRepeats)} by this device, ${count(parts.networkRepeats)} per 100 others`,
  });
  return steps;
}

const count = (n: number): string => String(Number(n.toFixed(1)));

/** The product written out: `0.674 × 0.82 × 0.6 = 33 %`. */
export function formula(steps: readonly Step[]): string {
  const factors = steps.map((step) => String(Number(step.factor.toPrecision(3)))).join(' × ');
  return `${factors} = ${percentOf(steps.at(-1)?.after ?? 0)} %`;
}

/** A, B, C … for the components in the model's order. */
export const letterOf = (index: number): string => String.fromCharCode(65 + (index % 26));

/** Observed, required and usual of a component, in its unit. */
export function figuresOf({ size, threshold, usual, unit, interval }: Component) {
  const inUnit = (n: number) => formatQuantity(n, unit);
  return {
    observed: inUnit(size),
    required: `more than ${inUnit(threshold)} in ${formatInterval(interval)}`,
    usual: usual && `${inUnit(usual.low)} to ${inUnit(usual.high)}, median ${inUnit(usual.median)}`,
  };
}

function formatInterval(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Places of observed, threshold and band on one line from 0 to 1; logarithmic, as values span powers of ten. */
export function gaugeOf({ size, threshold, usual }: Component) {
  const most = Math.max(size, threshold, usual?.high ?? 0, 1);
  const place = (n: number) => Math.log1p(Math.max(0, n)) / Math.log1p(most);
  return {
    observed: place(size),
    threshold: place(threshold),
    band: usual && { low: place(usual.low), median: place(usual.median), high: place(usual.high) },
  };
}

/** The window around everything that the components saw, in ms, with a little room at both ends. */
export function evidenceWindow({ components, time }: Explanation): { from: number; to: number } {
  const from = Math.min(time, ...components.map((c) => c.evidence.from));
  const to = Math.max(time, ...components.map((c) => c.evidence.to));
  const room = Math.max(60_000, (to - from) * 0.05);
  return { from: Math.floor(from - room), to: Math.ceil(to + room) };
}

/** All uids that decided, each once. */
export const uidsOf = ({ components }: Explanation): string[] => [
  ...new Set(components.flatMap((c) => c.evidence.uids)),
];
