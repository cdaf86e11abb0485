/** What a person likes: theme, zone, density. Kept in the browser, as it is no part of what a link shows. */
import type { Zone } from './time-format.ts';
import { oneOf } from './url-state.ts';

export const THEMES = ['dark', 'light'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;

export interface Preferences {
  theme: (typeof THEMES)[number];
  zone: Zone;
  density: (typeof DENSITIES)[number];
  isRailWide: boolean;
}

const NAME = 'thymus.preferences';

interface Keeper {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

/** Reads what is kept; anything missing, broken or forbidden becomes the default. */
export function readPreferences(keeper: Keeper | undefined): Preferences {
  let kept: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(keeper?.getItem(NAME) ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) kept = parsed as Record<string, unknown>;
  } catch {
    // a page without storage, or text that is no JSON: the defaults serve
  }
  return {
    theme: oneOf(kept['theme'], THEMES, 'dark'),
    zone: oneOf(kept['zone'], ['utc', 'local'], 'utc'),
    density: oneOf(kept['density'], DENSITIES, 'comfortable'),
    isRailWide: kept['isRailWide'] === true,
  };
}

export class PreferenceStore {
  #now: Preferences;
  readonly #keeper: Keeper | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(keeper: Keeper | undefined) {
    this.#keeper = keeper;
    this.#now = readPreferences(keeper);
  }

  get now(): Preferences {
    return this.#now;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(change: Partial<Preferences>): void {
    this.#now = { ...this.#now, ...change };
    try {
      this.#keeper?.setItem(NAME, JSON.stringify(this.#now));
    } catch {
      // storage is full or forbidden: the choice lasts as long as the page
    }
    for (const listener of this.#listeners) listener();
  }
}
