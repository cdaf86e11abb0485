/**
 * TCP connections (RFC 9293) as Zeek follows them: the states of both ends, history letters, sizes by sequence numbers,
 * and when a direction counts as closed. The order of the steps decides which letters are written and must stay.
 */
import type { Packet } from '../layers/packet.ts';
import { seqDelta } from '../reassembly/segments.ts';
import type { StreamReassembly } from '../reassembly/stream.ts';
import { type History, SEEN_ACK, SEEN_DATA } from './history.ts';
import {
  ACK_SEQ,
  ACK_WRAPS,
  BITS,
  CLOSE_DEFERRED,
  CLOSED,
  DID_CLOSE,
  ESTABLISHED,
  FIN_SEQ,
  FINS,
  FIRST_SEQ,
  FLAGS,
  FLOW_SHIFT,
  HAS_ATTEMPT,
  HAS_SEGMENTS,
  HAS_TIMER,
  INACTIVE,
  IS_PARTIAL,
  LAST_F,
  LAST_SEQ,
  NEXT_SEQ,
  ORIG,
  RESET,
  RESP,
  RETRANSMITS,
  SAW_ORIG,
  SAW_RESP,
  SEEN,
  SEQ_WRAPS,
  STATE,
  SYN_ACK_SENT,
  SYN_SENT,
  TIMER_F,
  TOLD_WEIRD,
  TRIM_SEQ,
  WINDOW_SCALE,
  ZERO_WINDOWS,
} from './layout.ts';
import type { FlowTable } from './table.ts';
import { ACK, CONTROL, FIN, RST, SYN, URG } from './tcp-flags.ts';
import { TcpLetters } from './tcp-letters.ts';
import { TcpNumbers, windowScale } from './tcp-numbers.ts';
import { TcpStates } from './tcp-states.ts';
import { CLOSE_DELAY } from './timeouts.ts';
import type { FlowWeird } from './weirds.ts';

/** Sequence numbers of SYN and RST segments are not believed if they jump farther than this. */
const LARGEST_JUMP = 1_048_576;
const LARGEST_SCALE = 14;

const [D, A, T, W] = [0x44, 0x41, 0x54, 0x57];

export class TcpTracker {
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #streams: StreamReassembly;
  readonly #weird: FlowWeird;
  readonly #letters: TcpLetters;
  readonly #numbers: TcpNumbers;
  readonly #states: TcpStates;

  constructor(
    table: FlowTable,
    history: History,
    streams: StreamReassembly,
    weird: FlowWeird,
    flip: (flow: number) => void,
  ) {
    this.#table = table;
    this.#history = history;
    this.#streams = streams;
    this.#weird = weird;
    this.#letters = new TcpLetters(table, history);
    this.#numbers = new TcpNumbers(table, weird);
    this.#states = new TcpStates(table, weird, flip);
  }

  /**
   * Takes a segment whose header is whole; `dataAt` and `length` are its payload, `captured` what is there of it. True
   * if the connection is open on both sides now.
   */
  segment(
    p: Packet,
    flow: number,
    fromOriginator: boolean,
    dataAt: number,
    length: number,
    captured: number,
  ): boolean {
    const { words: w, floats } = this.#table;
    const base = flow << FLOW_SHIFT;
    let e = base + (fromOriginator ? ORIG : RESP);
    let peer = base + (fromOriginator ? RESP : ORIG);
    const b = p.bytes;
    const at = p.at;
    const seq = (b[at + 4]! << 24) | (b[at + 5]! << 16) | (b[at + 6]! << 8) | b[at + 7]!;
    const ack = (b[at + 8]! << 24) | (b[at + 9]! << 16) | (b[at + 10]! << 8) | b[at + 11]!;
    const flags = b[at + 13]!;
    const window = (b[at + 14]! << 8) | b[at + 15]!;
    const isOpen = w[e + STATE] === ESTABLISHED && w[peer + STATE] === ESTABLISHED;
    if (isOpen && (flags & (CONTROL | ACK)) === ACK && window !== 0 && captured >= length) {
      floats[(base >> 1) + LAST_F] = p.ts;
      this.#takeOrdinary(flow, base, e, peer, fromOriginator, seq, ack, b, dataAt, length);
      return true;
    }

    this.#notePartial(base, fromOriginator, flags);
    const control = flags & CONTROL;
    const spans = ((flags & RST) === 0 ? length : 0) + ((flags & SYN) >> 1) + (flags & FIN);
    const after = (seq + spans) | 0;
    this.#numbers.open(flow, e, flags, seq, after);

    const relative = seqDelta(seq, w[e + FIRST_SEQ]!);
    const isBelow = relative < 0 && w[e + SEQ_WRAPS] === 0 && seqDelta(seq, w[e + LAST_SEQ]!) < 0;
    if (isBelow && (flags & RST) === 0) this.#weird(flow, 'TCP_seq_underflow_or_misorder');

    this.#letters.write(flow, e, fromOriginator, flags, relative, length);
    if (window === 0 && (flags & RST) === 0 && w[peer + STATE] !== CLOSED && w[e + STATE] !== RESET) {
      this.#history.scaled(flow, e + ZERO_WINDOWS, W!);
    }
    if ((w[e + BITS]! & w[peer + BITS]! & DID_CLOSE) === 0) floats[(base >> 1) + LAST_F] = p.ts;

    if ((flags & SYN) !== 0) this.#onSyn(p, flow, e, peer, flags, length);
    if ((flags & FIN) !== 0) {
      w[e + FINS] = w[e + FINS]! + 1;
      w[e + FIN_SEQ] = after;
    }

    let acknowledged = w[peer + TRIM_SEQ]!;
    if ((flags & ACK) !== 0) acknowledged = this.#takeAck(flow, e, peer, flags, ack);
    const advance = this.#takeSequence(flow, e, flags, after, length);

    let doesClose = false;
    if (control !== 0 || w[e + STATE] !== ESTABLISHED) {
      doesClose = this.#states.change(p, flow, e, peer, seq, ack, length, advance, fromOriginator, flags);
      if (this.#table.fromOriginator !== fromOriginator) [e, peer] = [peer, e];
    }
    if ((flags & ACK) !== 0 && this.#streams.acknowledge(flow, peer, acknowledged)) {
      // The gap that kept the other direction from closing may be given up now.
      this.checkEnd(flow, peer);
    }
    w[base + FLAGS] = w[base + FLAGS]! | (this.#isOrig(base, e) ? SAW_ORIG : SAW_RESP);

    if (length > 0 && (flags & RST) === 0 && !isBelow) {
      const start = (flags & SYN) !== 0 ? (seq + 1) | 0 : seq;
      if (captured >= length) this.#streams.take(flow, e, start, b, dataAt, length);
      else this.#weird(flow, 'truncated_tcp_payload');
    }
    if (control !== 0 || w[e + FINS] !== 0 || w[e + STATE]! >= CLOSED) this.checkEnd(flow, e);
    if (doesClose) this.#close(flow, e, peer);
    return w[e + STATE] === ESTABLISHED && w[peer + STATE] === ESTABLISHED;
  }

  /** Takes a segment of an open connection without SYN, FIN or RST: the short way for nearly all of them. */
  #takeOrdinary(
    flow: number,
    base: number,
    e: number,
    peer: number,
    fromOriginator: boolean,
    seq: number,
    ack: number,
    bytes: Uint8Array,
    dataAt: number,
    length: number,
  ): void {
    const w = this.#table.words;
    const bit = length > 0 ? SEEN_DATA : SEEN_ACK;
    if ((w[base + SEEN]! & (fromOriginator ? bit : bit << 16)) === 0) {
      this.#history.once(flow, bit, length > 0 ? D! : A!, fromOriginator);
    }
    if (ack !== w[peer + ACK_SEQ]) {
      this.#streams.acknowledge(flow, peer, this.#takeAck(flow, e, peer, ACK, ack));
    }
    const after = (seq + length) | 0;
    const isNext = seq === w[e + LAST_SEQ] && after >>> 0 >= seq >>> 0;
    if (isNext) w[e + LAST_SEQ] = after;
    else if (this.#isMisplaced(flow, e, seq, after, length)) return;
    if (length === 0) return;
    const isInOrder = isNext && seq === w[e + NEXT_SEQ] && (w[base + FLAGS]! & HAS_SEGMENTS) === 0;
    if (isInOrder) this.#streams.takeNext(flow, e, fromOriginator, bytes, dataAt, length);
    else this.#streams.take(flow, e, seq, bytes, dataAt, length);
  }

  /** Notes a segment that does not continue the stream; true if it stands before its start. */
  #isMisplaced(flow: number, e: number, seq: number, after: number, length: number): boolean {
    const w = this.#table.words;
    const isBelow =
      seqDelta(seq, w[e + FIRST_SEQ]!) < 0 && w[e + SEQ_WRAPS] === 0 && seqDelta(seq, w[e + LAST_SEQ]!) < 0;
    if (isBelow) this.#weird(flow, 'TCP_seq_underflow_or_misorder');
    this.#takeSequence(flow, e, ACK, after, length);
    return isBelow;
  }

  /** True if a segment with SYN begins another connection on the same tuple. */
  isReuse(p: Packet, flow: number): boolean {
    const flags = p.bytes[p.at + 13]!;
    if ((flags & SYN) === 0 || p.bytes[p.at + 12]! >> 4 < 5) return false;
    const w = this.#table.words;
    const base = flow << FLOW_SHIFT;
    let opener = base + ORIG;
    if ((flags & ACK) !== 0) {
      if (w[opener + STATE] !== INACTIVE) return false;
      opener = base + RESP;
    }
    const isClosed = ((w[base + ORIG + BITS]! | w[base + RESP + BITS]!) & DID_CLOSE) !== 0;
    if (isClosed) return true;
    const b = p.bytes;
    const seq = (b[p.at + 4]! << 24) | (b[p.at + 5]! << 16) | (b[p.at + 6]! << 8) | b[p.at + 7]!;
    if (seq === w[opener + FIRST_SEQ]) return false;
    const isReversed =
      (flags & ACK) === 0 &&
      w[opener + STATE] === SYN_ACK_SENT &&
      w[base + RESP + STATE] === INACTIVE &&
      seq === w[base + RESP + FIRST_SEQ];
    if (isReversed) return false;
    this.#weird(flow, w[opener + STATE] === SYN_SENT ? 'SYN_seq_jump' : 'active_connection_reuse');
    return true;
  }

  /** Marks a direction as ended once it was closed and all its bytes were delivered. */
  checkEnd(flow: number, e: number): void {
    const w = this.#table.words;
    const isClosing = w[e + FINS]! > 0 || w[e + STATE]! >= CLOSED;
    if (!isClosing || !this.#streams.reachEnd(flow, e)) return;
    const flagsAt = (flow << FLOW_SHIFT) + FLAGS;
    if ((w[flagsAt]! & CLOSE_DEFERRED) === 0) return;
    this.#close(flow, e, this.#peerOf(flow, e));
    w[flagsAt] = w[flagsAt]! & ~CLOSE_DEFERRED;
  }

  #isOrig(base: number, e: number): boolean {
    return e === base + ORIG;
  }

  #peerOf(flow: number, e: number): number {
    const base = flow << FLOW_SHIFT;
    return e === base + ORIG ? base + RESP : base + ORIG;
  }

  #notePartial(base: number, fromOriginator: boolean, flags: number): void {
    const w = this.#table.words;
    const state = w[base + FLAGS]!;
    if (fromOriginator) {
      if ((state & SAW_ORIG) !== 0) return;
      const isPartial = (flags & SYN) === 0 || (flags & ACK) !== 0;
      w[base + FLAGS] = isPartial ? state | IS_PARTIAL : state & ~IS_PARTIAL;
    } else if ((state & (SAW_RESP | IS_PARTIAL)) === 0 && (flags & SYN) === 0) {
      w[base + FLAGS] = state | IS_PARTIAL;
    }
  }

  #onSyn(p: Packet, flow: number, e: number, peer: number, flags: number, length: number): void {
    const w = this.#table.words;
    if ((flags & RST) !== 0) this.#weird(flow, 'TCP_christmas', '', 'TCP');
    if ((flags & URG) !== 0) this.#weird(flow, 'baroque_SYN', '', 'TCP');
    if (length > 0) this.#weird(flow, 'SYN_with_data', '', 'TCP');
    const scale = windowScale(p);
    if (scale > LARGEST_SCALE && (w[(flow << FLOW_SHIFT) + FLAGS]! & TOLD_WEIRD) === 0) {
      this.#weird(flow, 'TCP_scale_range', String(scale), 'TCP');
    }
    w[e + WINDOW_SCALE] = Math.max(0, scale);
    if (scale < 0 && (flags & ACK) !== 0) w[peer + WINDOW_SCALE] = 0;
  }

  /** Takes an acknowledgement; gives up to where the peer's bytes have arrived. */
  #takeAck(flow: number, e: number, peer: number, flags: number, ack: number): number {
    const w = this.#table.words;
    if (w[peer + STATE] === INACTIVE) {
      const state = w[e + STATE]!;
      const hasOpened = state === SYN_SENT || state === SYN_ACK_SENT || state === ESTABLISHED;
      const isTold = (w[(flow << FLOW_SHIFT) + FLAGS]! & TOLD_WEIRD) !== 0;
      if ((flags & CONTROL) === 0 && hasOpened && !isTold) this.#weird(flow, 'possible_split_routing');
      this.#numbers.restartAt(peer, (ack - 1) | 0, (ack - 1) | 0);
      return w[peer + TRIM_SEQ]!;
    }
    const delta = seqDelta(ack, w[peer + ACK_SEQ]!);
    const isBelow = w[peer + ACK_WRAPS] === 0 && delta < 0 && seqDelta(ack, w[peer + FIRST_SEQ]!) < 0;
    if (isBelow) {
      this.#weird(flow, 'TCP_ack_underflow_or_misorder');
      return w[peer + TRIM_SEQ]!;
    }
    const isBroken = ack === 0 && delta > LARGEST_JUMP;
    if ((flags & RST) === 0 && delta > 0 && !isBroken) {
      if (ack >>> 0 < w[peer + ACK_SEQ]! >>> 0) w[peer + ACK_WRAPS] = w[peer + ACK_WRAPS]! + 1;
      w[peer + ACK_SEQ] = ack;
    }
    return ack;
  }

  #takeSequence(flow: number, e: number, flags: number, after: number, length: number): number {
    const w = this.#table.words;
    const last = w[e + LAST_SEQ]!;
    const delta = seqDelta(after, last);
    const isFar = delta > LARGEST_JUMP || delta < -LARGEST_JUMP;
    if ((flags & (SYN | RST)) !== 0 && isFar) return delta;
    const isOnlyFin = (flags & FIN) !== 0 && last === ((w[e + FIRST_SEQ]! + 1) | 0);
    if (isOnlyFin || (delta > 0 && w[e + STATE] !== RESET)) {
      if (after >>> 0 < last >>> 0) w[e + SEQ_WRAPS] = w[e + SEQ_WRAPS]! + 1;
      w[e + LAST_SEQ] = after;
    } else if (w[e + STATE] !== RESET && length > 0) this.#history.scaled(flow, e + RETRANSMITS, T!);
    return delta;
  }

  /** Closes a direction, or waits with it while bytes are missing. */
  #close(flow: number, e: number, peer: number): void {
    const { words: w, floats } = this.#table;
    const base = flow << FLOW_SHIFT;
    if (this.#streams.isPending(e, peer)) {
      w[base + FLAGS] = w[base + FLAGS]! | CLOSE_DEFERRED;
      return;
    }
    w[base + FLAGS] = w[base + FLAGS]! & ~CLOSE_DEFERRED;
    if ((w[e + BITS]! & DID_CLOSE) !== 0) return;
    w[e + BITS] = w[e + BITS]! | DID_CLOSE;
    const isComplete =
      w[e + STATE] === RESET || (w[peer + BITS]! & DID_CLOSE) !== 0 || w[peer + STATE] === INACTIVE;
    if (!isComplete) return;
    w[base + FLAGS] = (w[base + FLAGS]! & ~HAS_ATTEMPT) | HAS_TIMER;
    floats[(base >> 1) + TIMER_F] = floats[(base >> 1) + LAST_F]! + CLOSE_DELAY;
  }
}
