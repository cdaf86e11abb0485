/** conn_state in Zeek's words, from the states of both ends. */
import {
  BITS,
  CLOSED,
  ESTABLISHED,
  INACTIVE,
  IS_ACTIVE,
  ORIG,
  PARTIAL,
  RESET,
  RESP,
  STATE,
  SYN_ACK_SENT,
  SYN_SENT,
} from './layout.ts';
import { reportedSize } from './sizes.ts';

/** A SYN and a RST of the originator with nothing in between that tells of an answer. */
const GAVE_UP = /^\^?S[^HAFGIQ]*R/;

/** State of a TCP connection whose record starts at word `base`. */
export function tcpState(w: Int32Array, base: number, history: string): string {
  const orig = base + ORIG;
  const resp = base + RESP;
  const [o, r] = [w[orig + STATE]!, w[resp + STATE]!];
  const isOrigUnseen = o === INACTIVE || o === PARTIAL;
  const isRespUnseen = r === INACTIVE || r === PARTIAL;
  if (r === RESET) {
    const wasEmpty = o === RESET && reportedSize(w, orig, resp) === 0 && reportedSize(w, resp, orig) === 0;
    if (o === SYN_SENT || o === SYN_ACK_SENT || wasEmpty) return 'REJ';
    return isOrigUnseen ? 'RSTRH' : 'RSTR';
  }
  if (o === RESET) {
    if (!isRespUnseen) return 'RSTO';
    return GAVE_UP.test(history) ? 'RSTOS0' : 'OTH';
  }
  if (o === CLOSED && r === CLOSED) return 'SF';
  if (o === CLOSED) return isRespUnseen ? 'SH' : 'S2';
  if (r === CLOSED) return isOrigUnseen ? 'SHR' : 'S3';
  if (o === SYN_SENT && r === INACTIVE) return 'S0';
  return o === ESTABLISHED && r === ESTABLISHED ? 'S1' : 'OTH';
}

/** State of a UDP flow: who sent anything. */
export function udpState(w: Int32Array, base: number): string {
  const hasOrig = (w[base + ORIG + BITS]! & IS_ACTIVE) !== 0;
  const hasResp = (w[base + RESP + BITS]! & IS_ACTIVE) !== 0;
  if (hasOrig) return hasResp ? 'SF' : 'S0';
  return hasResp ? 'SHR' : 'OTH';
}
