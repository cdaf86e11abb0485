/**
 * Hardware addresses as identities. One that stands for several addresses at a time, or for an outside address, is a
 * router's (or a bridge's, or a virtual gateway's) and identifies nobody.
 */

import { touch } from './state.ts';

/** An address used within 5 min counts as still in use: twice the usual ARP cache time (RFC 4861 uses 30 s to 1 min). */
export const IN_USE = 300_000;
/** A card that comes back to an earlier address within a day goes back and forth: it stands for several hosts. */
const REMEMBERED = 86_400_000;
const MAX_MACS = 200_000;
const MAX_ADDRESSES = 4;

export interface MacState {
  did: number;
  /** The IPv4 address it carries now, and all of the last ones with their last use. */
  ip: string;
  ips: Map<string, number>;
  isRouter: boolean;
  /** It took an address by DHCP, as clients do. Absent in older snapshots. */
  isLeased?: boolean;
}

/** True for an address that can identify a network card: unicast, not zero. */
export function isCard(mac: string | undefined): mac is string {
  if (mac?.length !== 17 || mac === '00:00:00:00:00:00') return false;
  const first = Number.parseInt(mac.slice(0, 2), 16);
  return (first & 1) === 0;
}

export class Macs {
  readonly #macs: Map<string, MacState>;

  constructor(saved: Map<string, MacState> = new Map()) {
    this.#macs = saved;
  }

  get state(): Map<string, MacState> {
    return this.#macs;
  }

  /** Notes that `mac` carried `ip`; says whether the card may stand for the device behind the address. */
  sees(mac: string, ip: string, ts: number): MacState | undefined {
    let state = this.#macs.get(mac);
    if (!state) {
      state = { did: 0, ip: '', ips: new Map(), isRouter: false };
      this.#macs.set(mac, state);
      if (this.#macs.size > MAX_MACS) this.#macs.delete(this.#macs.keys().next().value!);
    }
    if (state.isRouter) return undefined;
    if (ip.includes(':')) return state; // one card has several IPv6 addresses as a rule (RFC 8981)
    if (state.ip === ip) {
      state.ips.set(ip, ts);
      return state;
    }
    state.isRouter = this.#isAmbiguous(state, ip, ts);
    state.ip = ip;
    touch(state.ips, ip, ts, MAX_ADDRESSES);
    return state.isRouter ? undefined : state;
  }

  #isAmbiguous(state: MacState, ip: string, ts: number): boolean {
    const lastUse = state.ips.get(state.ip);
    if (lastUse === undefined) return false;
    const before = state.ips.get(ip);
    return ts - lastUse < IN_USE || (before !== undefined && ts - before < REMEMBERED);
  }

  /** A lease moves the card to its new address at once, without waiting for the old one to fall silent. */
  leases(mac: string, ip: string, ts: number): MacState | undefined {
    const state = this.#macs.get(mac);
    if (state && state.ip !== ip) [state.ip, state.ips] = ['', new Map()];
    const seen = this.sees(mac, ip, ts);
    if (seen) seen.isLeased = true;
    return seen;
  }

  /** The card carried traffic of an outside address. */
  isGateway(mac: string): void {
    const state = this.#macs.get(mac);
    if (state) state.isRouter = true;
    else {
      this.#macs.set(mac, { did: 0, ip: '', ips: new Map(), isRouter: true });
      if (this.#macs.size > MAX_MACS) this.#macs.delete(this.#macs.keys().next().value!);
    }
  }
}
