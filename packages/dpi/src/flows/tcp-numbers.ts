/** Where the sequence numbers of a TCP endpoint begin: RFC 9293 section 3.4, also where its SYN was not seen. */
import type { Packet } from '../layers/packet.ts';
import { seqDelta } from '../reassembly/segments.ts';
import {
  ACK_SEQ,
  BEFORE,
  ESTABLISHED,
  FIRST_SEQ,
  HIGH_SEQ,
  INACTIVE,
  LAST_SEQ,
  NEXT_SEQ,
  PARTIAL,
  RESET,
  STATE,
  SYN_ACK_SENT,
  SYN_SENT,
  TRIM_SEQ,
} from './layout.ts';
import { sizeOf } from './sizes.ts';
import type { FlowTable } from './table.ts';
import { SYN } from './tcp-flags.ts';
import type { FlowWeird } from './weirds.ts';

export class TcpNumbers {
  readonly #table: FlowTable;
  readonly #weird: FlowWeird;

  constructor(table: FlowTable, weird: FlowWeird) {
    this.#table = table;
    this.#weird = weird;
  }

  /** Sets the first sequence number; reassembly keeps its distance from it. */
  #startAt(e: number, seq: number): void {
    const w = this.#table.words;
    const shift = seqDelta(seq, w[e + FIRST_SEQ]!);
    w[e + FIRST_SEQ] = seq;
    w[e + NEXT_SEQ] = (w[e + NEXT_SEQ]! + shift) | 0;
    w[e + TRIM_SEQ] = (w[e + TRIM_SEQ]! + shift) | 0;
    w[e + HIGH_SEQ] = (w[e + HIGH_SEQ]! + shift) | 0;
  }

  /** Begins the numbering of an endpoint anew: `seq` counts as its SYN, `after` as what it sent last. */
  restartAt(e: number, seq: number, after: number): void {
    const w = this.#table.words;
    this.#startAt(e, seq);
    w[e + ACK_SEQ] = seq;
    w[e + LAST_SEQ] = after;
  }

  /** Takes the first segment of an endpoint, or another SYN. */
  open(flow: number, e: number, flags: number, seq: number, after: number): void {
    const w = this.#table.words;
    const state = w[e + STATE]!;
    if (state === INACTIVE) {
      // Without a SYN the numbering is set up as if there had been one.
      if ((flags & SYN) !== 0) this.restartAt(e, seq, after);
      else this.restartAt(e, (seq - 1) | 0, seq);
      return;
    }
    if ((flags & SYN) === 0) return;
    if (state === SYN_SENT || state === SYN_ACK_SENT) {
      if (seq === w[e + FIRST_SEQ]) return;
      this.#weird(flow, 'SYN_seq_jump');
      this.restartAt(e, seq, after);
    } else if (state === ESTABLISHED || state === PARTIAL) {
      if (sizeOf(w, e) > 0) this.#weird(flow, 'SYN_inside_connection');
      if (seq !== w[e + FIRST_SEQ]) this.#weird(flow, 'SYN_seq_jump');
      this.restartAt(e, seq, after);
    } else if (state === RESET && w[e + BEFORE] === INACTIVE) this.restartAt(e, seq, after);
  }
}

/** The window scale option of a SYN, -1 if it has none. */
export function windowScale(p: Packet): number {
  const b = p.bytes;
  const end = Math.min(p.at + ((b[p.at + 12]! >> 4) << 2), p.end);
  let at = p.at + 20;
  while (at < end && b[at] !== 0) {
    if (b[at] === 1) {
      at++;
      continue;
    }
    const length = at + 1 < end ? b[at + 1]! : 0;
    if (length === 0 || at + length > end) return -1;
    if (b[at] === 3 && length >= 3) return b[at + 2]!;
    at += length;
  }
  return -1;
}
