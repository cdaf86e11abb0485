/**
 * The two byte streams of a TCP connection. Bytes in order go on as a view, without a copy; what came too early is kept
 * until the hole in front of it is filled, or acknowledged by the receiver and so was never seen: a gap.
 *
 * Where segments overlap, the bytes that came first win, as on most systems when the overlap begins in front of what
 * they hold; what was delivered is never taken back, and what lies below the receiver's acknowledgement is not looked at
 * again. A receiver that prefers later bytes can so be told another story than ours: retransmissions (`t` in the
 * history) show where that may have been tried.
 */
import type { Applications } from '../applications/applications.ts';
import type { History } from '../flows/history.ts';
import {
  ACK_SEQ,
  AT_END,
  BEFORE,
  BITS,
  CLOSED,
  ESTABLISHED,
  FIN_SEQ,
  FINS,
  FIRST_SEQ,
  FLAGS,
  FLOW_SHIFT,
  GAPS,
  HAS_SEGMENTS,
  HIGH_SEQ,
  IS_PARTIAL,
  LAST_SEQ,
  MISSED_F,
  NEXT_SEQ,
  ORIG,
  RESET,
  RESP,
  STATE,
  TRIM_SEQ,
} from '../flows/layout.ts';
import type { FlowTable } from '../flows/table.ts';
import { type Segments, seqDelta } from './segments.ts';

const G = 0x47;

export class StreamReassembly {
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #segments: Segments;
  readonly #applications: Applications;
  /** Streams that held too much out of order and lost bytes for it. */
  overruns = 0;

  constructor(table: FlowTable, history: History, segments: Segments, applications: Applications) {
    this.#table = table;
    this.#history = history;
    this.#segments = segments;
    this.#applications = applications;
  }

  /** Takes payload that is exactly what comes next, with nothing held back. */
  takeNext(
    flow: number,
    e: number,
    fromOriginator: boolean,
    bytes: Uint8Array,
    at: number,
    length: number,
  ): void {
    const w = this.#table.words;
    const after = (w[e + NEXT_SEQ]! + length) | 0;
    w[e + NEXT_SEQ] = after;
    w[e + HIGH_SEQ] = after;
    this.#applications.stream(flow, fromOriginator, bytes, at, at + length);
  }

  /** Takes payload that stands at `seq` of the endpoint's stream. */
  take(flow: number, e: number, seq: number, bytes: Uint8Array, at: number, length: number): void {
    const w = this.#table.words;
    const upper = (seq + length) | 0;
    const ack = w[e + ACK_SEQ]!;
    let from = seq;
    if (seqDelta(from, ack) < 0) from = ack;
    if (seqDelta(from, w[e + TRIM_SEQ]!) < 0) from = w[e + TRIM_SEQ]!;
    if (seqDelta(upper, from) <= 0) return;
    if (seqDelta(upper, w[e + HIGH_SEQ]!) > 0) w[e + HIGH_SEQ] = upper;
    const next = w[e + NEXT_SEQ]!;
    const isEarly = seqDelta(from, next) > 0;
    const hasHeld =
      (w[(flow << FLOW_SHIFT) + FLAGS]! & HAS_SEGMENTS) !== 0 && this.#segments.has(streamOf(e));
    if (!isEarly && !hasHeld) {
      const skip = seqDelta(next, seq);
      if (skip >= length) return;
      w[e + NEXT_SEQ] = upper;
      this.#applications.stream(flow, this.#isOrig(flow, e), bytes, at + skip, at + length);
      return;
    }
    if (seqDelta(from, next) < 0) from = next;
    if (seqDelta(upper, from) <= 0) return;
    this.#hold(flow, e, from, bytes, at + seqDelta(from, seq), at + length);
  }

  /**
   * Takes an acknowledgement of the endpoint's bytes: what lies below it and was not seen is missed. True if it is the
   * first one that reaches so far.
   */
  acknowledge(flow: number, e: number, ack: number): boolean {
    const w = this.#table.words;
    let upTo = ack;
    if (w[e + FINS]! > 0 && seqDelta(upTo, w[e + FIN_SEQ]!) >= 0) upTo = (w[e + FIN_SEQ]! - 1) | 0;
    if (seqDelta(upTo, w[e + TRIM_SEQ]!) <= 0) return false;
    if (seqDelta(upTo, w[e + NEXT_SEQ]!) > 0) this.#miss(flow, e, upTo);
    w[e + TRIM_SEQ] = upTo;
    if ((w[(flow << FLOW_SHIFT) + FLAGS]! & HAS_SEGMENTS) !== 0) this.#deliverHeld(flow, e);
    return true;
  }

  /** True while bytes of the endpoint are missing, or its peer's bytes wait for their acknowledgement. */
  isPending(e: number, peer: number): boolean {
    const w = this.#table.words;
    const left = seqDelta(w[e + LAST_SEQ]!, w[e + NEXT_SEQ]!);
    if (left < 0) return false;
    if (left > 1) return true;
    return w[e + STATE] !== RESET && seqDelta(w[peer + HIGH_SEQ]!, w[peer + TRIM_SEQ]!) > 0;
  }

  /** Tells the dissectors, once, that a direction has ended; true if this was the moment. */
  reachEnd(flow: number, e: number): boolean {
    const w = this.#table.words;
    if ((w[e + BITS]! & AT_END) !== 0 || this.isPending(e, this.#peerOf(flow, e))) return false;
    w[e + BITS] = w[e + BITS]! | AT_END;
    this.#applications.end(flow, this.#isOrig(flow, e));
    return true;
  }

  /** Forgets what a flow that has ended still held. */
  drop(flow: number): void {
    if ((this.#table.words[(flow << FLOW_SHIFT) + FLAGS]! & HAS_SEGMENTS) === 0) return;
    const base = flow << FLOW_SHIFT;
    this.#segments.drop(streamOf(base + ORIG));
    this.#segments.drop(streamOf(base + RESP));
  }

  #isOrig(flow: number, e: number): boolean {
    return e === (flow << FLOW_SHIFT) + ORIG;
  }

  #peerOf(flow: number, e: number): number {
    const base = flow << FLOW_SHIFT;
    return e === base + ORIG ? base + RESP : base + ORIG;
  }

  #hold(flow: number, e: number, seq: number, bytes: Uint8Array, from: number, to: number): void {
    const w = this.#table.words;
    const flagsAt = (flow << FLOW_SHIFT) + FLAGS;
    w[flagsAt] = w[flagsAt]! | HAS_SEGMENTS;
    const hasRoom = this.#segments.add(streamOf(e), seq, bytes.subarray(from, to));
    this.#deliverHeld(flow, e);
    if (hasRoom || !this.#segments.has(streamOf(e))) return;
    this.overruns++;
    const first = this.#segments.first(streamOf(e))!;
    this.#gap(flow, e, seqDelta(first.seq, w[e + NEXT_SEQ]!));
    this.#deliverHeld(flow, e);
  }

  /** Delivers held segments as far as there is no hole in front of them. */
  #deliverHeld(flow: number, e: number): void {
    const w = this.#table.words;
    const stream = streamOf(e);
    for (let held = this.#segments.first(stream); held; held = this.#segments.first(stream)) {
      const skip = seqDelta(w[e + NEXT_SEQ]!, held.seq);
      if (skip < 0) return;
      this.#segments.shift(stream);
      if (skip >= held.bytes.length) continue;
      w[e + NEXT_SEQ] = (held.seq + held.bytes.length) | 0;
      this.#applications.stream(flow, this.#isOrig(flow, e), held.bytes, skip, held.bytes.length);
    }
  }

  #miss(flow: number, e: number, upTo: number): void {
    const w = this.#table.words;
    const isPartial = (w[(flow << FLOW_SHIFT) + FLAGS]! & IS_PARTIAL) !== 0;
    // A partial connection was numbered as if it had begun with a SYN: those first two are no loss.
    if (isPartial && seqDelta(upTo, w[e + FIRST_SEQ]!) <= 2) return;
    const stream = streamOf(e);
    for (let held = this.#segments.first(stream); held; held = this.#segments.first(stream)) {
      if (seqDelta(held.seq, upTo) >= 0) break;
      const missing = seqDelta(held.seq, w[e + NEXT_SEQ]!);
      if (missing > 0) this.#gap(flow, e, missing);
      this.#deliverHeld(flow, e);
    }
    const rest = seqDelta(upTo, w[e + NEXT_SEQ]!);
    if (rest > 0) this.#gap(flow, e, rest);
  }

  #gap(flow: number, e: number, length: number): void {
    const { words: w, floats } = this.#table;
    w[e + NEXT_SEQ] = (w[e + NEXT_SEQ]! + length) | 0;
    if (isClean(w, e) && isClean(w, this.#peerOf(flow, e))) {
      this.#history.scaled(flow, e + GAPS, G);
      const at = ((flow << FLOW_SHIFT) >> 1) + MISSED_F;
      floats[at] = floats[at]! + length;
    }
    this.#applications.gap(flow, this.#isOrig(flow, e), length);
  }
}

/** A number for one direction of one flow: the place of its endpoint in the table. */
const streamOf = (e: number): number => e;

const isClean = (w: Int32Array, e: number): boolean =>
  w[e + STATE] === ESTABLISHED || (w[e + STATE] === CLOSED && w[e + BEFORE] === ESTABLISHED);
