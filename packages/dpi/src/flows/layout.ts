/**
 * Where the fields of a flow stand in the table. A flow is 128 words of 32 bits in one buffer, so that a packet touches
 * two or three cache lines instead of one per field; 64-bit floats take two words and are addressed in halves.
 */

/** Words per flow, as a shift. */
export const FLOW_SHIFT = 7;
export const FLOW_WORDS = 1 << FLOW_SHIFT;

/** Key: originator, responder, ports (originator's high), protocol, and NETWORK further on. */
export const SRC = 0;
export const DST = 4;
export const PORTS = 8;
export const SCOPE = 9;
export const HASH = 10;
export const FLAGS = 11;
/** Which once-only history letters were written: low half originator, high half responder. */
export const SEEN = 12;
export const HISTORY_LENGTH = 13;
/** Letters of the history, up to HISTORY_ROOM; longer ones overflow into a map. */
export const HISTORY = 14;
export const HISTORY_ROOM = 24;

/** Floats: index within the flow in units of 64 bits. */
export const START_F = 10;
export const LAST_F = 11;
export const MISSED_F = 12;
export const TIMER_F = 13;

/** Part of the key: a number for VLANs and virtual network where a site parts connections by them, 0 otherwise. */
export const NETWORK = 28;
/** Of a connection inside a tunnel: which tunnel its last packet came through. */
export const TUNNEL_MARK = 29;
/** Of a connection around others: the kind of tunnel, NOT_A_TUNNEL once it is certain; see layers/tunnels.ts. */
export const TUNNEL_KIND = 30;
/** Virtual network plus one, 0 = none. */
export const VNI = 31;

/** VLAN tags plus one, 0 = none: outer one low, inner one from bit 16 on. */
export const VLANS = 32;
/** Packets at the last conn_update. */
export const TOLD_PACKETS = 33;
/** Stage of protocol detection; see applications.ts. */
export const STAGE = 34;
/** Chunks that were probed. */
export const PROBED = 35;
/** Number of the IP protocol. */
export const PROTOCOL = 36;

/** First word of each endpoint. */
export const ORIG = 40;
export const RESP = 84;

/** Fields of an endpoint, in words from its first one. */
export const PACKETS = 4;
export const STATE = 5;
export const BEFORE = 6;
export const BITS = 7;
/** Sequence numbers: first, one past the last sent, last acknowledged by the peer, and how often they wrapped. */
export const FIRST_SEQ = 8;
export const LAST_SEQ = 9;
export const ACK_SEQ = 10;
export const SEQ_WRAPS = 11;
export const ACK_WRAPS = 12;
/** Reassembly: next byte to deliver, end of what was acknowledged, end of the highest data seen. */
export const NEXT_SEQ = 13;
export const TRIM_SEQ = 14;
export const HIGH_SEQ = 15;
export const FINS = 16;
export const FIN_SEQ = 17;
export const HISTORY_SYN = 18;
export const HISTORY_FIN = 19;
export const HISTORY_RST = 20;
/** Counters behind the letters t, w, g and c, which are written at 1, 10, 100 and so on. */
export const RETRANSMITS = 21;
export const ZERO_WINDOWS = 22;
export const GAPS = 23;
export const BAD_SUMS = 24;
export const WINDOW_SCALE = 25;
export const MAC_HIGH = 26;
export const MAC_LOW = 27;
/** Hash of the first payload. */
export const PRINT = 28;

/** Floats of an endpoint, in words from its first one (always even). */
export const IP_BYTES = 0;
export const PAYLOAD = 2;

/** Bits of SCOPE above the protocol number: always set in a used record; answers make no part of the flow. */
export const USED = 0x1000;
export const ONE_WAY = 0x200;

/** Bits of FLAGS. */
export const IS_PARTIAL = 1;
export const SAW_ORIG = 2;
export const SAW_RESP = 4;
export const IS_OVER = 8;
export const CLOSE_DEFERRED = 16;
export const LONG_IDLE = 32;
export const TOLD_WEIRD = 64;
export const HAS_TIMER = 128;
export const HAS_ATTEMPT = 256;
export const HAS_SEGMENTS = 1024;
export const LONG_HISTORY = 2048;
export const TOLD_TUNNEL = 4096;
export const IS_BRIEF = 8192;

/** Bits of an endpoint's BITS. */
export const DID_CLOSE = 1;
export const AT_END = 2;
export const HAS_MAC = 4;
export const HAS_PRINT = 8;
export const IS_ACTIVE = 16;

/** States of a TCP endpoint. */
export const INACTIVE = 0;
export const SYN_SENT = 1;
export const SYN_ACK_SENT = 2;
export const PARTIAL = 3;
export const ESTABLISHED = 4;
export const CLOSED = 5;
export const RESET = 6;
