/**
 * Hardware addresses as identities. One that stands for several addresses at a time, or for an outside address, is a
 * router's (or a bridge's, or a virtual gateway's) and identifies nobody.
 */

/** An address used within 5 min counts as still in use: twice the usual ARP cache time (RFC 4861 uses 30 s to 1 min). */
const IN_USE = 300_000;
const MAX_MACS = 200_000;
const MAX_ADDRESSES = 4;

export interface MacState {
  did: number;
  /** IPv4 address → last use. */
  ips: Map<string, number>;
  isRouter: boolean;
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
      state = { did: 0, ips: new Map(), isRouter: false };
      this.#macs.set(mac, state);
      if (this.#macs.size > MAX_MACS) this.#macs.delete(this.#macs.keys().next().value!);
    }
    if (state.isRouter) return undefined;
    if (ip.includes(':')) return state; // one card has several IPv6 addresses as a rule (RFC 8981)
    if (state.ips.size === 1 && state.ips.has(ip)) {
      state.ips.set(ip, ts);
      return state;
    }
    state.ips.delete(ip);
    for (const [other, last] of state.ips) if (ts - last > IN_USE) state.ips.delete(other);
    state.ips.set(ip, ts);
    if (state.ips.size > 1) state.isRouter = true;
    if (state.ips.size > MAX_ADDRESSES) state.ips.delete(state.ips.keys().next().value!);
    return state.isRouter ? undefined : state;
  }

  /** A lease moves the card to its new address at once, without waiting for the old one to fall silent. */
  leases(mac: string, ip: string, ts: number): MacState | undefined {
    this.#macs.get(mac)?.ips.clear();
    return this.sees(mac, ip, ts);
  }

  /** The card carried traffic of an outside address. */
  isGateway(mac: string): void {
    const state = this.#macs.get(mac);
    if (state) state.isRouter = true;
    else {
      this.#macs.set(mac, { did: 0, ips: new Map(), isRouter: true });
      if (this.#macs.size > MAX_MACS) this.#macs.delete(this.#macs.keys().next().value!);
    }
  }

  isRouter(mac: string): boolean {
    return this.#macs.get(mac)?.isRouter ?? false;
  }

  bind(mac: string, did: number): void {
    const state = this.#macs.get(mac);
    if (state) state.did = did;
  }
}
