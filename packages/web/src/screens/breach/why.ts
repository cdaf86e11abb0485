/** Why a breach scored as it did: its parts as steps that multiply to the score, its components as plain sentences. */
import type { explainBreach, ReplyOf } from '@thymus/contract';
import { LOWEST_SCORE, scoreFactors } from '@thymus/core';
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

/** The score worked out again from its parts, step by step; the last one's `after` is what they give. */
export function scoreSteps({ parts }: Pick<Explanation, 'parts'>): Step[] {
  const steps: Step[] = [];
  const add = (name: string, factor: number, why: string) =>
    steps.push({ name, factor, after: (steps.at(-1)?.after ?? 1) * factor, why });
  const { base, strength, learning, habituation } = scoreFactors(parts);
  add('Base', base, `priority ${parts.priority} of the model`);
  add('Strength', strength, `chance on a usual day: ${formatChance(parts.probability)}`);
  if (learning !== 1) add('Learning', learning, 'the device was still being learned');
  add(
    'Habituation',
    habituation,
    `${BEHAVIOURS[parts.behaviour] ?? parts.behaviour}; earlier breaches, fading: ${count(parts.deviceRepeats)} by this device, ${count(parts.networkRepeats)} per 100 others`,
  );
  const product = steps.at(-1)?.after ?? 0;
  if (product < LOWEST_SCORE && product > 0)
    add('Lowest score', LOWEST_SCORE / product, 'no breach is scored lower');
  return steps;
}

/** True when the parts give the stored score; it is kept with three decimals. */
export const isConsistent = (explanation: Explanation): boolean =>
  Math.abs((scoreSteps(explanation).at(-1)?.after ?? 0) - explanation.score) < 0.001;

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
