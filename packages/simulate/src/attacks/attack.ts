/** What an attack is: it picks its machines and times, tells them, and writes its part of each hour. */
import { DAY, HOUR, isWeekend, midnight, type Random } from '@thymus/core';
import type { Estate, Machine } from '../estate.ts';
import type { Wire } from '../wire.ts';

/** What happened, for whoever judges the detection. */
export interface Truth {
  attack: string;
  /** In words. */
  description: string;
  attacker: { hostname: string; mac: string; ip: string };
  /** ms since the epoch. */
  from: number;
  to: number;
  /** ATT&CK */
  techniques: readonly string[];
  /** The other end, where there is one. */
  endpoint?: string;
}

export interface Scene {
  estate: Estate;
  /** Start and end of the simulated time, ms since the epoch. */
  start: number;
  end: number;
  random: Random;
  /** Clients that no other attack uses. */
  unused: Machine[];
}

export interface PlannedAttack {
  truth: Truth;
  /** Writes what happens between `ts` and `ts` + 1 h. */
  act(ts: number, wire: Wire): void;
}

export interface Attack {
  name: string;
  plan(scene: Scene): PlannedAttack;
}

/** Takes a client out of those that are unused. */
export function takeClient({ random, unused }: Scene): Machine {
  return unused.splice(random.integer(0, unused.length - 1), 1)[0]!;
}

export const attackerOf = ({ hostname, mac, ip }: Machine): Truth['attacker'] => ({ hostname, mac, ip });

/** Room that an attack of a few hours needs before the end of the simulated time. */
const ROOM = 3 * HOUR;

/**
 * Midnight of the last working day on which something that begins at `hour` still fits before `end`, or of the
 * `daysBefore`th working day before it.
 */
export function workingDay(end: number, hour: number, daysBefore = 0): number {
  let day = midnight(end);
  const isPossible = () => !isWeekend(day) && day + hour * HOUR + ROOM <= end;
  while (!isPossible()) day -= DAY;
  for (let left = daysBefore; left > 0; left--) {
    do day -= DAY;
    while (isWeekend(day));
  }
  return day;
}
