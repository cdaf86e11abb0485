/** The flow table: fixed records in one buffer, found by open addressing over a hash that both directions share. */
import type { Packet } from '../layers/packet.ts';
import {
  DST,
  FLOW_SHIFT,
  FLOW_WORDS,
  HASH,
  NETWORK,
  ONE_WAY,
  ORIG,
  PORTS,
  RESP,
  SCOPE,
  SRC,
} from './layout.ts';

const NONE = -1;
const ENDPOINT_WORDS = RESP - ORIG;

/** Whether a packet goes from the originator of the flow that was found. */
export class FlowTable {
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly letters: Uint8Array;
  /** When each flow ends unless another packet comes; Infinity where there is none. Apart, as sweeps read only this. */
  readonly deadlines: Float64Array;
  readonly capacity: number;
  /** One past the highest flow number ever used: the end of a sweep. */
  top = 0;
  size = 0;
  /** True if the packet looked up last came from the originator. */
  fromOriginator = true;
  /** Hash of the packet looked up last without success. */
  hash = 0;
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #free: Int32Array;
  #freeCount = 0;
  /** The flow found last: packets of one connection often come in a row. */
  #last = 0;
  readonly #spare = new Int32Array(ENDPOINT_WORDS);

  constructor(capacity: number) {
    this.capacity = capacity;
    const buffer = new ArrayBuffer(capacity * FLOW_WORDS * 4);
    this.words = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    this.letters = new Uint8Array(buffer);
    this.deadlines = new Float64Array(capacity).fill(Infinity);
    let slots = 16;
    while (slots < capacity * 2) slots *= 2;
    this.#slots = new Int32Array(slots).fill(NONE);
    this.#mask = slots - 1;
    this.#free = new Int32Array(capacity);
  }

  /** The flow of a packet, or -1. `scope` is protocol and the one-way mark. */
  find(p: Packet, scope: number): number {
    if (this.#fits(this.#last << FLOW_SHIFT, p, scope)) return this.#last;
    const hash = hashOf(p, scope);
    this.hash = hash;
    const words = this.words;
    const slots = this.#slots;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const flow = slots[slot]!;
      if (flow === NONE) return NONE;
      const base = flow << FLOW_SHIFT;
      if (words[base + HASH] !== hash || !this.#fits(base, p, scope)) continue;
      this.#last = flow;
      return flow;
    }
  }

  /** True if a packet belongs to the flow at `base`; notes its direction. */
  #fits(base: number, p: Packet, scope: number): boolean {
    const words = this.words;
    if (words[base + SCOPE] !== scope || words[base + NETWORK] !== p.network) return false;
    const ports = words[base + PORTS];
    if (ports === ((p.srcPort << 16) | p.dstPort) && isFrom(words, base, p)) {
      this.fromOriginator = true;
      return true;
    }
    const isTwoWay = (scope & ONE_WAY) === 0;
    if (!isTwoWay || ports !== ((p.dstPort << 16) | p.srcPort) || !isTowards(words, base, p)) return false;
    this.fromOriginator = false;
    return true;
  }

  /** A new flow for the packet that `find` did not find, its sender as originator; -1 if the table is full. */
  insert(p: Packet, scope: number): number {
    if (this.size >= this.capacity) return NONE;
    const flow = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.top++;
    const base = flow << FLOW_SHIFT;
    const words = this.words;
    words.fill(0, base, base + FLOW_WORDS);
    words[base + SRC] = p.src0;
    words[base + SRC + 1] = p.src1;
    words[base + SRC + 2] = p.src2;
    words[base + SRC + 3] = p.src3;
    words[base + DST] = p.dst0;
    words[base + DST + 1] = p.dst1;
    words[base + DST + 2] = p.dst2;
    words[base + DST + 3] = p.dst3;
    words[base + PORTS] = (p.srcPort << 16) | p.dstPort;
    words[base + SCOPE] = scope;
    words[base + HASH] = this.hash;
    words[base + NETWORK] = p.network;
    let slot = this.hash & this.#mask;
    while (this.#slots[slot] !== NONE) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = flow;
    this.size++;
    this.fromOriginator = true;
    return flow;
  }

  /** Frees a flow; its record stays readable until the next insert. */
  remove(flow: number): void {
    const words = this.words;
    const mask = this.#mask;
    const slots = this.#slots;
    let slot = words[(flow << FLOW_SHIFT) + HASH]! & mask;
    while (slots[slot] !== flow) slot = (slot + 1) & mask;
    for (let next = (slot + 1) & mask; slots[next] !== NONE; next = (next + 1) & mask) {
      // Moves a later entry into the hole unless its home lies between the hole and itself.
      const home = words[(slots[next]! << FLOW_SHIFT) + HASH]! & mask;
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      slots[slot] = slots[next]!;
      slot = next;
    }
    slots[slot] = NONE;
    words[(flow << FLOW_SHIFT) + SCOPE] = 0;
    this.deadlines[flow] = Infinity;
    this.#free[this.#freeCount++] = flow;
    this.size--;
  }

  /** True if the flow number is in use (a scope of 0 marks free records). */
  isUsed(flow: number): boolean {
    return this.words[(flow << FLOW_SHIFT) + SCOPE] !== 0;
  }

  /** Makes the responder the originator. */
  flip(flow: number): void {
    const base = flow << FLOW_SHIFT;
    const words = this.words;
    for (let i = 0; i < 4; i++) {
      const word = words[base + SRC + i]!;
      words[base + SRC + i] = words[base + DST + i]!;
      words[base + DST + i] = word;
    }
    const ports = words[base + PORTS]!;
    words[base + PORTS] = (ports << 16) | (ports >>> 16);
    this.#spare.set(words.subarray(base + ORIG, base + RESP));
    words.copyWithin(base + ORIG, base + RESP, base + RESP + ENDPOINT_WORDS);
    words.set(this.#spare, base + RESP);
    this.fromOriginator = !this.fromOriginator;
  }
}

function isFrom(words: Int32Array, base: number, p: Packet): boolean {
  return (
    words[base + SRC + 3] === p.src3 &&
    words[base + DST + 3] === p.dst3 &&
    words[base + SRC] === p.src0 &&
    words[base + SRC + 1] === p.src1 &&
    words[base + SRC + 2] === p.src2 &&
    words[base + DST] === p.dst0 &&
    words[base + DST + 1] === p.dst1 &&
    words[base + DST + 2] === p.dst2
  );
}

function isTowards(words: Int32Array, base: number, p: Packet): boolean {
  return (
    words[base + SRC + 3] === p.dst3 &&
    words[base + DST + 3] === p.src3 &&
    words[base + SRC] === p.dst0 &&
    words[base + SRC + 1] === p.dst1 &&
    words[base + SRC + 2] === p.dst2 &&
    words[base + DST] === p.src0 &&
    words[base + DST + 1] === p.src1 &&
    words[base + DST + 2] === p.src2
  );
}

/** A hash of the tuple that is the same for both directions and on every machine; part of the uid. */
function hashOf(p: Packet, scope: number): number {
  const a = hashEnd(p.src0, p.src1, p.src2, p.src3, p.srcPort);
  const b = hashEnd(p.dst0, p.dst1, p.dst2, p.dst3, p.dstPort);
  return mix((a + b + Math.imul(scope, 0x27d4eb2f)) ^ Math.imul(p.network, 0x61c88647));
}

function hashEnd(w0: number, w1: number, w2: number, w3: number, port: number): number {
  let h = Math.imul(w0 ^ 0x3c6ef372, 0x85ebca6b) ^ Math.imul(w1 ^ 0x1b873593, 0xcc9e2d51);
  h = Math.imul(h ^ w2, 0xc2b2ae35) ^ Math.imul(w3 ^ port, 0x9e3779b1);
  return mix(h ^ Math.imul(port, 0x165667b1));
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
