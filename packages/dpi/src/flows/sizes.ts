/** Payload bytes of one direction of a TCP connection, from sequence numbers as Zeek counts them. */
import {
  ACK_SEQ,
  ACK_WRAPS,
  BEFORE,
  FINS,
  FIRST_SEQ,
  INACTIVE,
  LAST_SEQ,
  RESET,
  SEQ_WRAPS,
  STATE,
  SYN_SENT,
} from './layout.ts';

const WRAP = 4_294_967_296;

/** Bytes sent by the endpoint at word `e`; without SYN and FIN, which take a number each. */
export function sizeOf(w: Int32Array, e: number): number {
  const last = w[e + SEQ_WRAPS]! * WRAP + (w[e + LAST_SEQ]! >>> 0);
  const ack = w[e + ACK_WRAPS]! * WRAP + (w[e + ACK_SEQ]! >>> 0);
  const size = Math.max(last, ack) - (w[e + FIRST_SEQ]! >>> 0);
  const withoutSyn = size > 0 ? size - 1 : 0;
  return withoutSyn > 0 && w[e + FINS]! > 0 ? withoutSyn - 1 : withoutSyn;
}

/** The same, but 0 for an opener that gave up before anyone answered: its numbers cannot be trusted. */
export function reportedSize(w: Int32Array, e: number, peer: number): number {
  const acked = w[e + ACK_WRAPS]! * WRAP + (w[e + ACK_SEQ]! >>> 0) - (w[e + FIRST_SEQ]! >>> 0);
  const gaveUp = w[e + BEFORE] === SYN_SENT && w[e + STATE] === RESET && w[peer + STATE] === INACTIVE;
  return gaveUp && acked !== 0 && acked !== 1 ? 0 : sizeOf(w, e);
}
