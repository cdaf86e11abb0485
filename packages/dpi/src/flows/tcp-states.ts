/** The states of the two ends of a TCP connection, and how segments change them: RFC 9293 as Zeek sees it from outside. */
import type { Packet } from '../layers/packet.ts';
import { seqDelta } from '../reassembly/segments.ts';
import {
  BEFORE,
  BITS,
  CLOSED,
  DID_CLOSE,
  ESTABLISHED,
  FIRST_SEQ,
  FLAGS,
  FLOW_SHIFT,
  HAS_ATTEMPT,
  HAS_TIMER,
  INACTIVE,
  IS_OVER,
  IS_PARTIAL,
  LAST_SEQ,
  LONG_IDLE,
  ORIG,
  PARTIAL,
  RESET,
  RESP,
  SAW_ORIG,
  SAW_RESP,
  STATE,
  SYN_ACK_SENT,
  SYN_SENT,
  TIMER_F,
} from './layout.ts';
import type { FlowTable } from './table.ts';
import { ACK, FIN, RST, SYN } from './tcp-flags.ts';
import { ATTEMPT_DELAY, RESET_DELAY } from './timeouts.ts';
import type { FlowWeird } from './weirds.ts';

export class TcpStates {
  readonly #table: FlowTable;
  readonly #weird: FlowWeird;
  readonly #flip: (flow: number) => void;

  /** `flip` turns the ends of a flow around. */
  constructor(table: FlowTable, weird: FlowWeird, flip: (flow: number) => void) {
    this.#table = table;
    this.#weird = weird;
    this.#flip = flip;
  }

  #setState(flow: number, e: number, state: number): void {
    const w = this.#table.words;
    const before = w[e + STATE]!;
    if (before === state) return;
    const peer = this.#peerOf(flow, e);
    if (state > SYN_ACK_SENT && before <= SYN_ACK_SENT && w[peer + STATE]! <= SYN_ACK_SENT) {
      const at = (flow << FLOW_SHIFT) + FLAGS;
      w[at] = w[at]! | LONG_IDLE;
    }
    w[e + BEFORE] = before;
    w[e + STATE] = state;
  }

  /** Moves the sender's state on; true if this closes its direction. */
  change(
    p: Packet,
    flow: number,
    e: number,
    peer: number,
    seq: number,
    ack: number,
    length: number,
    advance: number,
    fromOriginator: boolean,
    flags: number,
  ): boolean {
    switch (this.#table.words[e + STATE]!) {
      case INACTIVE:
        return this.#fromInactive(p, flow, e, peer, seq, ack, length, fromOriginator, flags);
      case SYN_SENT:
      case SYN_ACK_SENT:
        return this.#fromSynSent(flow, e, peer, length, fromOriginator, flags);
      case PARTIAL:
      case ESTABLISHED:
        return this.#fromEstablished(flow, e, peer, flags);
      case CLOSED:
        return this.#fromClosed(p, flow, e, peer, advance, flags);
      default:
        if ((flags & SYN) !== 0) this.#weird(flow, 'SYN_after_reset');
        if (length > 0 && (flags & RST) === 0) this.#weird(flow, 'data_after_reset');
        return false;
    }
  }

  #fromInactive(
    p: Packet,
    flow: number,
    e: number,
    peer: number,
    seq: number,
    ack: number,
    length: number,
    fromOriginator: boolean,
    flags: number,
  ): boolean {
    const w = this.#table.words;
    let doesClose = false;
    if ((flags & SYN) !== 0) {
      if (fromOriginator) this.#originatorSyn(p, flow, e, flags);
      else this.#responderSyn(flow, e, peer, seq, ack, flags);
    }
    if ((flags & FIN) !== 0) {
      this.#setState(flow, e, CLOSED);
      doesClose = true;
    }
    if ((flags & RST) !== 0) {
      this.#setState(flow, e, RESET);
      doesClose = true;
    }
    if (w[e + STATE] !== INACTIVE) return doesClose;
    const base = flow << FLOW_SHIFT;
    // Some systems acknowledge a SYN before they answer it: that makes no partial connection.
    if (!fromOriginator && length === 0 && w[base + ORIG + STATE] === SYN_SENT) return doesClose;
    if ((flags & ACK) !== 0 && w[peer + STATE] === ESTABLISHED) {
      this.#setState(flow, e, ESTABLISHED);
      w[base + FLAGS] = (w[base + FLAGS]! & ~IS_PARTIAL) | (fromOriginator ? SAW_ORIG : SAW_RESP);
    } else this.#setState(flow, e, PARTIAL);
    return doesClose;
  }

  #originatorSyn(p: Packet, flow: number, e: number, flags: number): void {
    const { words: w, floats } = this.#table;
    const base = flow << FLOW_SHIFT;
    if ((flags & ACK) !== 0) {
      this.#weird(flow, 'connection_originator_SYN_ack');
      this.#setState(flow, e, SYN_ACK_SENT);
    } else this.#setState(flow, e, SYN_SENT);
    w[base + FLAGS] = w[base + FLAGS]! | HAS_ATTEMPT;
    floats[(base >> 1) + TIMER_F] = p.ts + ATTEMPT_DELAY;
  }

  #responderSyn(flow: number, e: number, peer: number, seq: number, ack: number, flags: number): void {
    const w = this.#table.words;
    const base = flow << FLOW_SHIFT;
    let [self, other] = [e, peer];
    const state = w[peer + STATE]!;
    if ((flags & ACK) !== 0) {
      const fits = seqDelta(ack, w[peer + FIRST_SEQ]!) >= 0 && seqDelta(w[peer + LAST_SEQ]!, ack) >= 0;
      if (state !== INACTIVE && state !== PARTIAL && !fits) this.#weird(flow, 'bad_SYN_ack');
    } else if (state === SYN_ACK_SENT && seq === w[e + FIRST_SEQ]) {
      // The SYN was overtaken by its answer: turn the ends around and establish the connection.
      this.#flip(flow);
      [self, other] = [peer, e];
      this.#setState(flow, other, ESTABLISHED);
      w[base + FLAGS] = (w[base + FLAGS]! & ~IS_PARTIAL) | SAW_ORIG;
    } else this.#weird(flow, 'simultaneous_open');
    if (w[other + STATE] === SYN_SENT) this.#setState(flow, other, ESTABLISHED);
    this.#setState(flow, self, ESTABLISHED);
  }

  #fromSynSent(
    flow: number,
    e: number,
    peer: number,
    length: number,
    fromOriginator: boolean,
    flags: number,
  ): boolean {
    const w = this.#table.words;
    let doesClose = false;
    if ((flags & SYN) !== 0) {
      const state = w[e + STATE]!;
      if (fromOriginator) {
        if ((flags & (ACK | FIN | RST)) === ACK && state !== SYN_ACK_SENT)
          this.#weird(flow, 'repeated_SYN_with_ack');
      } else if ((flags & ACK) === 0 && state !== SYN_SENT) this.#weird(flow, 'repeated_SYN_reply_wo_ack');
    }
    if ((flags & FIN) !== 0) {
      if (w[peer + STATE]! <= SYN_SENT) this.#weird(flow, 'inappropriate_FIN');
      this.#setState(flow, e, CLOSED);
      doesClose = true;
    }
    if ((flags & RST) !== 0) {
      this.#setState(flow, e, RESET);
      this.#over(flow);
      return true;
    }
    if (length > 0) this.#weird(flow, 'data_before_established');
    return doesClose;
  }

  #fromEstablished(flow: number, e: number, peer: number, flags: number): boolean {
    const w = this.#table.words;
    if ((flags & (SYN | ACK)) === SYN && w[e + STATE] === PARTIAL && w[peer + STATE] === INACTIVE) {
      this.#weird(flow, 'SYN_after_partial');
      this.#setState(flow, e, SYN_SENT);
    }
    if ((flags & (FIN | RST)) === FIN) {
      this.#setState(flow, e, CLOSED);
      // A FIN and then a RST of the peer was a normal end after all.
      if (w[peer + STATE] === RESET && w[peer + BEFORE] === CLOSED) this.#setState(flow, peer, CLOSED);
      return true;
    }
    if ((flags & RST) === 0) return false;
    this.#setState(flow, e, RESET);
    if (w[peer + STATE] !== RESET || w[peer + BEFORE] !== ESTABLISHED) this.#over(flow);
    return true;
  }

  #fromClosed(p: Packet, flow: number, e: number, peer: number, advance: number, flags: number): boolean {
    const { words: w, floats } = this.#table;
    if ((flags & SYN) !== 0) this.#weird(flow, 'SYN_after_close');
    if ((flags & FIN) !== 0 && advance > 0) this.#weird(flow, 'FIN_advanced_last_seq');
    if ((flags & RST) === 0 || w[peer + STATE] === CLOSED) return false;
    this.#setState(flow, e, RESET);
    const base = flow << FLOW_SHIFT;
    if ((w[base + FLAGS]! & (IS_OVER | HAS_TIMER)) === 0) {
      w[base + FLAGS] = (w[base + FLAGS]! & ~HAS_ATTEMPT) | HAS_TIMER;
      floats[(base >> 1) + TIMER_F] = p.ts + RESET_DELAY;
    }
    return (w[e + BITS]! & DID_CLOSE) === 0;
  }

  #over(flow: number): void {
    const at = (flow << FLOW_SHIFT) + FLAGS;
    this.#table.words[at] = this.#table.words[at]! | IS_OVER;
  }

  #peerOf(flow: number, e: number): number {
    const base = flow << FLOW_SHIFT;
    return e === base + ORIG ? base + RESP : base + ORIG;
  }
}
