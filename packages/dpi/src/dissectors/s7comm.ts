/** S7 communication of Siemens controllers over ISO on TCP: recognised once its connection carries it. RFC 1006, X.224 §13. */
import type { Connection, Dissector, Session } from '../dissector.ts';

/** Bytes of a packet's frame, and the least that any packet has. */
const FRAME = 4;
const LEAST_PACKET = 7;

const CONNECT_REQUEST = 0xe0;
const CONNECT_CONFIRM = 0xd0;
const DATA = 0xf0;

/** First bytes of the protocol and of its newer form. */
const S7 = 0x32;
const S7_PLUS = 0x72;

/** Parameters of a connection: size of packets, ends that call and are called. X.224 §13.3.4. */
const PARAMETERS: readonly number[] = [0xc0, 0xc1, 0xc2];

class S7Session implements Session {
  done = false;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array): number {
    let at = 0;
    while (!this.done && bytes.length - at >= LEAST_PACKET) {
      const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      if (bytes[at] !== 3 || length < LEAST_PACKET) return -1;
      if (bytes.length - at < length) break;
      const kind = bytes[at + 5]! & 0xf0;
      if (kind === DATA && !this.#data(bytes[at + FRAME + 3])) return -1;
      at += length;
    }
    return at;
  }

  /** The first data decides: other protocols use the same connections. */
  #data(first: number | undefined): boolean {
    if (first !== S7 && first !== S7_PLUS) return false;
    this.#connection.confirm();
    this.done = true;
    return true;
  }
}

/** True if nothing but parameters of a connection follows, both ends among them. */
function hasEnds(bytes: Uint8Array, end: number): boolean {
  const seen = new Set<number>();
  let at = 11;
  while (at + 2 <= end && PARAMETERS.includes(bytes[at]!)) {
    seen.add(bytes[at]!);
    at += 2 + bytes[at + 1]!;
  }
  return at === end && seen.has(0xc1) && seen.has(0xc2);
}

export const s7comm: Dissector = {
  name: 's7comm',
  transports: ['tcp'],
  ports: [102],
  begins: (first) => first === 3,
  probe(bytes) {
    if (bytes.length < LEAST_PACKET) return bytes.length === 0 || bytes[0] === 3 ? -1 : 0;
    const end = (bytes[2]! << 8) | bytes[3]!;
    if (bytes[0] !== 3 || bytes[1] !== 0 || end > bytes.length || end < LEAST_PACKET) return 0;
    if (bytes[4] === 2 && bytes[5] === DATA && bytes[7] === S7) return 0.9;
    const isConnect = bytes[5] === CONNECT_REQUEST || bytes[5] === CONNECT_CONFIRM;
    return isConnect && bytes[4] === end - 5 && hasEnds(bytes, end) ? 0.4 : 0;
  },
  open: (connection) => new S7Session(connection),
};
