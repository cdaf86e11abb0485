/** When a flow is over without saying so; the figures are Zeek's. All in ms. */
import {
  BITS,
  DID_CLOSE,
  FLAGS,
  FLOW_SHIFT,
  HAS_ATTEMPT,
  HAS_TIMER,
  INACTIVE,
  IS_OVER,
  LAST_F,
  LONG_IDLE,
  ORIG,
  RESET,
  RESP,
  START_F,
  STATE,
  SYN_ACK_SENT,
  SYN_SENT,
  TIMER_F,
} from './layout.ts';
import type { FlowTable } from './table.ts';

/** Silence after which UDP, ICMP and unfinished TCP flows end. */
export const SHORT_IDLE = 60_000;
/** DNS connections are looked at every so often and end if nothing came for nearly as long. */
const BRIEF_LOOK = 10_000;
const BRIEF_IDLE = 9_000;
/** Silence after which an open TCP connection ends. */
export const TCP_IDLE = 300_000;
/** Silence after which a tunnel over IP itself counts as gone. */
export const TUNNEL_IDLE = 3_600_000;
/** How long a SYN may stay without an answer. */
export const ATTEMPT_DELAY = 5_000;
/** How long stragglers are taken for a connection that was closed. */
export const CLOSE_DELAY = 5_000;
export const RESET_DELAY = 100;
/** A half-closed connection is looked at every so often, first after LINGER. */
const LINGER = 5_000;
const LOOK_EVERY = 6_000;

/** When a connection ends that carries single questions and answers unless another packet comes. */
export function briefDeadline(start: number, last: number): number {
  const looks = Math.max(1, Math.ceil((last + BRIEF_IDLE - start) / BRIEF_LOOK));
  return start + looks * BRIEF_LOOK;
}

/** Sets when a TCP flow ends unless another packet comes. */
export function setTcpDeadline(table: FlowTable, flow: number): void {
  const { words: w, floats } = table;
  const base = flow << FLOW_SHIFT;
  const half = base >> 1;
  const flags = w[base + FLAGS]!;
  const last = floats[half + LAST_F]!;
  let deadline = last + ((flags & LONG_IDLE) !== 0 ? TCP_IDLE : SHORT_IDLE);
  const orig = w[base + ORIG + STATE]!;
  const resp = w[base + RESP + STATE]!;
  const isAttempt = (orig === SYN_SENT || orig === SYN_ACK_SENT) && resp === INACTIVE;
  if ((flags & HAS_TIMER) !== 0 || ((flags & HAS_ATTEMPT) !== 0 && isAttempt)) {
    deadline = Math.min(deadline, floats[half + TIMER_F]!);
  } else if ((flags & IS_OVER) === 0 && isHalfOver(w, base, orig, resp)) {
    const since = last + LINGER - floats[half + START_F]! - LINGER;
    const looks = Math.max(0, Math.ceil(since / LOOK_EVERY));
    deadline = Math.min(deadline, floats[half + START_F]! + LINGER + looks * LOOK_EVERY);
  }
  table.deadlines[flow] = deadline;
}

function isHalfOver(w: Int32Array, base: number, orig: number, resp: number): boolean {
  if (orig === INACTIVE && resp === INACTIVE) return true;
  const didClose = ((w[base + ORIG + BITS]! | w[base + RESP + BITS]!) & DID_CLOSE) !== 0;
  return didClose && (orig === RESET || resp === RESET || orig === INACTIVE || resp === INACTIVE);
}
