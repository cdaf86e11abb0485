/**
 * Who in the network uses a value (a domain, an address, a port, a fingerprint of a client): tells how rare it is for
 * everybody but the device that asks. A value that nobody used for 30 days is forgotten.
 */
import { DAY } from '@thymus/core';

const FORGOTTEN = 30 * DAY;
/** Beyond 64 users a value is rare in no network that this process can hold. */
const MAX_USERS = 64;

export interface Entry {
  first: number;
  last: number;
  /** Numbers of the devices that used it, at most 64. */
  users: number[];
}

/** Smaller networks are judged as one of 100: a second user alone does not make a value common, nor its controller. */
const LEAST_DEVICES = 100;

/**
 * 100 where nobody else uses a value, 0 where 5 % of all devices do, by the logarithm between; `others` of `devices`.
 * The scale is that of recorded models, whose filters ask for more than 95 and more than 10.
 */
export function rarityOf(others: number, devices: number): number {
  if (others <= 0) return 100;
  return 100 * Math.max(0, 1 - Math.log1p(others) / Math.log1p(Math.max(LEAST_DEVICES, devices) / 20));
}

export class RarityTable {
  readonly #cap: number;
  readonly #entries: Map<string, Entry>;

  constructor(cap: number, saved: Map<string, Entry> = new Map()) {
    this.#cap = cap;
    this.#entries = saved;
  }

  get state(): Map<string, Entry> {
    return this.#entries;
  }

  /** Notes a use. */
  note(key: string, did: number, ts: number): Entry {
    let entry = this.#entries.get(key);
    if (!entry || ts - entry.last > FORGOTTEN) {
      if (!entry && this.#entries.size >= this.#cap) this.#evict();
      entry = { first: ts, last: ts, users: [did] };
      this.#entries.set(key, entry);
      return entry;
    }
    if (ts > entry.last) entry.last = ts;
    if (ts < entry.first) entry.first = ts;
    if (entry.users.length < MAX_USERS && !entry.users.includes(did)) entry.users.push(did);
    return entry;
  }

  /** How many devices other than `did` use the value. */
  others(key: string, did: number, ts: number): number {
    const entry = this.#entries.get(key);
    if (!entry || ts - entry.last > FORGOTTEN) return 0;
    return entry.users.length - (entry.users.includes(did) ? 1 : 0);
  }

  /** First use in the network, or undefined. */
  firstUse(key: string): number | undefined {
    return this.#entries.get(key)?.first;
  }

  /** Makes room: of the 16 oldest entries the one with the fewest users goes, so that common values stay. */
  #evict(): void {
    let [victim, fewest] = ['', Number.POSITIVE_INFINITY];
    let n = 0;
    for (const [key, entry] of this.#entries) {
      if (entry.users.length < fewest) [victim, fewest] = [key, entry.users.length];
      if (++n >= 16) break;
    }
    this.#entries.delete(victim);
  }
}
