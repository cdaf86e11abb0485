/** Subnets, learned as they are seen: /24 for IPv4, /64 for IPv6 (RFC 4291 section 2.5.4). */
import { formatAddress, parseAddress } from '@thymus/core';
import type { Subnet } from '../device.ts';

/** All networks of 10.0.0.0/8: more are a forgery. */
const MAX_SUBNETS = 65_536;

export interface SubnetState {
  sid: number;
  network: string;
  firstSeen: number;
  lastSeen: number;
  dhcpSeen: number;
  devices: number;
  /** Network cards are seen here, and identify devices. */
  cards: boolean;
}

/** The subnet an address lies in, as text with prefix length. Text that is no address gives '::/64'. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) {
    const end = ip.lastIndexOf('.');
    if (end > 0) return `${ip.slice(0, end)}.0/24`;
  }
  const bytes = parseAddress(ip) ?? new Uint8Array(16);
  bytes.fill(0, 8);
  return `${formatAddress(bytes)}/64`;
}

/** The numbered subnets in order of first sight. */
export class Subnets {
  readonly #byNetwork: Map<string, SubnetState>;
  readonly #bySid: SubnetState[];
  readonly changed = new Set<number>();

  readonly #firstId: number;
  #hasCards: boolean;

  /** Numbers start at `firstId`. `saved` is the map that `state` gave; it is changed in place. */
  constructor(firstId: number, saved: Map<string, SubnetState> = new Map()) {
    this.#firstId = firstId;
    this.#byNetwork = saved;
    this.#bySid = [...saved.values()];
    this.#hasCards = this.#bySid.some(({ cards }) => cards);
  }

  get state(): Map<string, SubnetState> {
    return this.#byNetwork;
  }

  /** The subnet of an internal address; a new one gets the next number. When there are too many, the last takes the rest. */
  at(ip: string, ts: number): SubnetState {
    const network = networkOf(ip);
    let subnet = this.#byNetwork.get(network);
    if (!subnet && this.#bySid.length >= MAX_SUBNETS) subnet = this.#bySid.at(-1);
    if (!subnet) {
      subnet = {
        sid: this.#bySid.length + this.#firstId,
        network,
        firstSeen: ts,
        lastSeen: ts,
        dhcpSeen: 0,
        devices: 0,
        cards: false,
      };
      this.#byNetwork.set(network, subnet);
      this.#bySid.push(subnet);
      this.changed.add(subnet.sid);
    }
    if (ts > subnet.lastSeen) subnet.lastSeen = ts;
    return subnet;
  }

  /** A device of the subnet was seen. */
  touch(sid: number, ts: number): void {
    const subnet = this.#bySid[sid - this.#firstId];
    if (subnet && ts > subnet.lastSeen) subnet.lastSeen = ts;
  }

  /** True once network cards tell who uses an address, in any subnet. */
  get hasCards(): boolean {
    return this.#hasCards;
  }

  /** A device of the subnet is known by its network card. */
  noteCard(subnet: SubnetState): void {
    subnet.cards = true;
    this.#hasCards = true;
  }

  /** Moves a device's count from one subnet to another; 0 = none. */
  move(from: number, to: number): void {
    const [left, entered] = [this.#bySid[from - this.#firstId], this.#bySid[to - this.#firstId]];
    if (left) left.devices--;
    if (entered) entered.devices++;
    if (left) this.changed.add(from);
    if (entered) this.changed.add(to);
  }

  noteDhcp(ip: string, ts: number): void {
    const subnet = this.at(ip, ts);
    subnet.dhcpSeen = ts;
    this.changed.add(subnet.sid);
  }

  /** What changed since the last call. */
  drain(): Subnet[] {
    const list = [...this.changed]
      .sort((a, b) => a - b)
      .map((sid) => viewOf(this.#bySid[sid - this.#firstId]!));
    this.changed.clear();
    return list;
  }
}

function viewOf({ cards: _, ...subnet }: SubnetState): Subnet {
  return subnet;
}
