/** What a habit is: it writes the hour of one machine. */
import type { Estate, Machine } from '../estate.ts';
import type { Wire } from '../wire.ts';

export interface Hour {
  /** Start of the hour, ms since the epoch. */
  ts: number;
  machine: Machine;
  estate: Estate;
  wire: Wire;
}

export interface Habit {
  name: string;
  /** True if machines of this kind have it. */
  fits(machine: Machine): boolean;
  /** Writes everything of one hour. */
  act(hour: Hour): void;
}
