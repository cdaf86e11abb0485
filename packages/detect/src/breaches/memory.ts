/** What the engine remembers of each model; plain data, saved as it stands. */
import { DAY } from '@thymus/core';
import type { TriggeredComponent } from '../breach.ts';
import type { Model } from '../model.ts';
import type { Window } from './window.ts';

/** A count that halves every 14 days. */
export interface Fading {
  n: number;
  at: number;
}

const HALF_LIFE = 14 * DAY;

export const faded = (count: Fading | undefined, ts: number): number =>
  count ? count.n * 0.5 ** (Math.max(0, ts - count.at) / HALF_LIFE) : 0;

export interface ModelMemory {
  /** Per component: device (and endpoint) → window. */
  windows: Map<string, Window>[];
  /** Device (and endpoint) → what has triggered so far, by component. */
  triggered: Map<string, (TriggeredComponent | undefined)[]>;
  /** Device → time of its last breach, the latest at the end. */
  fired: Map<number, number>;
  /** Device → how often it breached. */
  repeats: Map<number, Fading>;
  network: Fading;
  total: number;
}

export const newMemory = (model: Model): ModelMemory => ({
  windows: model.components.map(() => new Map()),
  triggered: new Map(),
  fired: new Map(),
  repeats: new Map(),
  network: { n: 0, at: 0 },
  total: 0,
});

/** The memory as it was saved, without the windows if the model has changed its components since. */
export function restoredMemory(model: Model, saved: ModelMemory | undefined): ModelMemory {
  if (!saved) return newMemory(model);
  if (saved.windows.length === model.components.length) return saved;
  const { windows, triggered } = newMemory(model);
  return { ...saved, windows, triggered };
}
