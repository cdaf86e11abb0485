/**
 * Copies of packets that several interfaces, or one interface twice, delivered. A copy has the same IP id, addresses,
 * transport header and first payload bytes; TTL, MAC addresses, VLAN tags, traffic class and IP checksum may differ,
 * as every hop changes them. The transport checksum stands for the rest of the payload.
 *
 * Per packet the table counts how often each interface delivered it: the second time on one interface is matched with
 * the second time on another. So what was truly sent twice is kept twice, however alike both are.
 */
import { Digest } from './digest.ts';
import { type Outline, TCP } from './outline.ts';

/** Interfaces that are told apart; four bits of a word count for each. */
export const MOST_INTERFACES = 8;
const HIGHEST = 15;

/** How long after a packet a copy may come on another interface: queues of mirrors and of kernels, ms. */
const ACROSS = 1000;
/** On the same interface, where a mirror copies a packet on its way in and out, ms. */
const WITHIN = 5;
/** The same where the packet has no IP id to tell it from a retransmission. */
const WITHIN_ANONYMOUS = 1;

/** Payload bytes that are looked at. */
const PAYLOAD = 32;
/** Of what is neither TCP nor UDP. */
const OTHER_PAYLOAD = 48;

/** Slots in which a packet may stand, side by side: the oldest gives way. */
const WAYS = 4;
const TIMESTAMP_OPTION = 8;

export class Duplicates {
  readonly #digest = new Digest();
  readonly #mask: number;
  readonly #keys: Int32Array;
  /** How often each interface has delivered it, four bits each. */
  readonly #counts: Int32Array;
  /** When it was delivered last, ms. */
  readonly #times: Float64Array;
  readonly #isVlanAware: boolean;

  /** `slots`, a power of two, are the packets that are remembered: 16 bytes each, 16 MiB by default. */
  constructor(options: { vlanAware?: boolean; slots?: number } = {}) {
    const slots = options.slots ?? 1_048_576;
    this.#isVlanAware = options.vlanAware ?? false;
    this.#mask = slots - 1;
    this.#keys = new Int32Array(slots);
    this.#counts = new Int32Array(slots);
    this.#times = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
  }

  /** True if the packet is a copy of one that was delivered before. `from` is the number of its interface, from 0. */
  isCopy(o: Outline, ts: number, from: number): boolean {
    if (!o.isIp) return false;
    this.#digestOf(o);
    const key = this.#digest.second;
    const slot = this.#slotOf(this.#digest.first & this.#mask, key);
    const counts = this.#counts;
    const shift = (from % MOST_INTERFACES) << 2;
    const age = ts - this.#times[slot]!;
    if (this.#keys[slot] !== key || !(age <= ACROSS && age >= -ACROSS)) {
      this.#keys[slot] = key;
      this.#times[slot] = ts;
      counts[slot] = 1 << shift;
      return false;
    }
    if (age > 0) this.#times[slot] = ts;
    const before = counts[slot]!;
    const own = (before >>> shift) & HIGHEST;
    if (own > 0 && Math.abs(age) <= sameInterfaceWindow(o)) return true;
    if (own === HIGHEST) return false;
    counts[slot] = before + (1 << shift);
    return own < highest(before);
  }

  #digestOf(o: Outline): void {
    const digest = this.#digest;
    const b = o.bytes;
    const at = o.netAt;
    digest.reset(o.proto);
    if (this.#isVlanAware) digest.word(o.vlan);
    if (o.isV6) {
      digest.range(b, at + 4, at + 6);
      digest.range(b, at + 8, o.transportAt);
    } else {
      digest.range(b, at + 2, at + 8);
      digest.range(b, at + 12, at + 20);
    }
    const known = o.payloadAt > o.transportAt ? PAYLOAD : OTHER_PAYLOAD;
    digest.range(b, o.transportAt, Math.min(o.end, o.payloadAt + known));
  }

  /** The slot that holds the key, or the one whose packet is the oldest. */
  #slotOf(first: number, key: number): number {
    const keys = this.#keys;
    const times = this.#times;
    let oldest = first;
    for (let way = 0; way < WAYS; way++) {
      const slot = first ^ way;
      if (keys[slot] === key) return slot;
      if (times[slot]! < times[oldest]!) oldest = slot;
    }
    return oldest;
  }
}

/** The highest of the eight counts. */
function highest(counts: number): number {
  let most = 0;
  for (let rest = counts; rest !== 0; rest >>>= 4) most = Math.max(most, rest & HIGHEST);
  return most;
}

/** How close two equal packets of one interface have to be to be copies, ms; -1 where they never are. */
function sameInterfaceWindow(o: Outline): number {
  if (o.proto !== TCP || o.isLaterFragment) return -1;
  const b = o.bytes;
  if (!o.isV6 && (b[o.netAt + 4]! | b[o.netAt + 5]!) !== 0) return WITHIN;
  return hasTimestamp(o) ? WITHIN_ANONYMOUS : -1;
}

/** True if the TCP header carries a time stamp (RFC 7323), which a later retransmission would have changed. */
function hasTimestamp({ bytes: b, transportAt, payloadAt }: Outline): boolean {
  for (let at = transportAt + 20; at + 10 <= payloadAt; ) {
    const kind = b[at]!;
    if (kind === TIMESTAMP_OPTION) return true;
    if (kind === 0) return false;
    const length = kind === 1 ? 1 : b[at + 1]!;
    if (length === 0) return false;
    at += length;
  }
  return false;
}
