/** What is remembered of a device and one outside endpoint (name or address, with port): how often, how regularly, how much. */
import { put, type Recent, recall } from '../state/recent.ts';

/** Pairs per device. */
const MAX_PAIRS = 64;
/** Intervals kept per pair: enough for quartiles, and for a beacon of 20 min over a day. */
const MAX_INTERVALS = 64;

export interface Pair {
  first: number;
  last: number;
  /** Connections tried, and those that an answer came to. */
  count: number;
  answered: number;
  up: number;
  down: number;
  /** The last intervals between starts, ms, and payload sizes sent, bytes; `at` is where the next is written. */
  intervals: number[];
  sizes: number[];
  at: number;
  /** Bits of the hours since `first` in which there was contact, at most 7 days: 21 numbers of 8 bits. */
  hours: number[];
  /** Beacon score at `scoredAt` contacts, as it costs a sort. */
  beacon: number;
  scoredAt: number;
}

const emptyPair = (ts: number): Pair => ({
  first: ts,
  last: ts,
  count: 0,
  answered: 0,
  up: 0,
  down: 0,
  intervals: [],
  sizes: [],
  at: 0,
  hours: [],
  beacon: 0,
  scoredAt: 0,
});

export const knownPair = (pairs: Recent<Pair>, key: string): Pair | undefined =>
  recall(pairs, key, MAX_PAIRS);

/** The pair of a device for an endpoint, made where it is new. */
export function pairOf(pairs: Recent<Pair>, key: string, ts: number): Pair {
  const known = knownPair(pairs, key);
  if (known) return known;
  const pair = emptyPair(ts);
  put(pairs, key, pair, MAX_PAIRS);
  return pair;
}

/** A connection was started at `ts`. */
export function noteContact(pair: Pair, ts: number, answered: boolean): void {
  if (pair.count > 0) write(pair.intervals, pair.at, Math.max(0, ts - pair.last));
  pair.count++;
  if (answered) pair.answered++;
  const hour = Math.floor((ts - pair.first) / 3_600_000);
  if (hour >= 0 && hour < 168) {
    while (pair.hours.length <= hour >> 3) pair.hours.push(0);
    pair.hours[hour >> 3]! |= 1 << (hour & 7);
  }
  if (ts > pair.last) pair.last = ts;
}

/** Payload bytes were added; `size` is what one connection sent in all. */
export function noteBytes(pair: Pair, up: number, down: number, size: number): void {
  pair.up += up;
  pair.down += down;
  write(pair.sizes, pair.at, size);
  pair.at = (pair.at + 1) % MAX_INTERVALS;
}

function write(ring: number[], at: number, value: number): void {
  if (ring.length < MAX_INTERVALS) ring.push(value);
  else ring[at] = value;
}

/** Hours since first contact with any contact at all. */
export function activeHours(pair: Pair): number {
  let n = 0;
  for (const bits of pair.hours) for (let b = bits; b > 0; b &= b - 1) n++;
  return n;
}
