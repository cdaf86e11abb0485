/** WebSocket: unmasks its frames and dissects what is tunnelled in them (TLS, SSH, HTTP). RFC 6455 §5. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { http } from './http.ts';
import { InnerSession } from './inner-session.ts';
import { ssh } from './ssh.ts';
import { ssl } from './ssl.ts';

/** Bytes of a frame. */
const MAX_FRAME = 131_072;
/** Frames that are probed before what is inside counts as unknown. */
const MOST_PROBED = 6;
/** Above them are control frames: close, ping, pong. */
const LAST_DATA_OPCODE = 2;
/** Bytes of a control frame. RFC 6455 §5.5. */
const MAX_CONTROL = 125;
/** Bits that extensions give a meaning, compression above all. */
const RESERVED = 0x70;

/** Where the payload of a frame lies; undefined while its header is not all there. */
function readHeader(
  bytes: Uint8Array,
  at: number,
): { from: number; to: number; isMasked: boolean } | undefined {
  if (bytes.length - at < 2) return undefined;
  const second = bytes[at + 1]!;
  const isMasked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const wide = short === 127 ? 8 : short === 126 ? 2 : 0;
  const from = at + 2 + wide + (isMasked ? 4 : 0);
  if (bytes.length < from) return undefined;
  let length = wide === 0 ? short : 0;
  for (let i = 0; i < wide; i++) length = length * 256 + bytes[at + 2 + i]!;
  return { from, to: from + length, isMasked };
}

function unmask(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const plain = bytes.slice(from, to);
  for (let i = 0; i < plain.length; i++) plain[i]! ^= bytes[from - 4 + (i & 3)]!;
  return plain;
}

class WebSocketSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #candidates: readonly Dissector[];
  #inner: InnerSession | undefined;
  #probed = 0;
  #isConfirmed = false;

  constructor(connection: Connection, candidates: readonly Dissector[]) {
    this.#connection = connection;
    this.#candidates = candidates;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let at = 0;
    while (!this.done) {
      const header = readHeader(bytes, at);
      if (!header) return at;
      const opcode = bytes[at]! & 0x0f;
      const length = header.to - header.from;
      if (opcode > LAST_DATA_OPCODE && length > MAX_CONTROL)
        this.#connection.weird(
          'websocket_control_frame_size_exceeded',
          `${length} > ${MAX_CONTROL}`,
          'WEBSOCKET',
        );
      if (bytes[at]! & RESERVED || length > MAX_FRAME) {
        this.done = true;
        break;
      }
      if (header.to > bytes.length) return at;
      if (!this.#isConfirmed) this.#connection.confirm();
      this.#isConfirmed = true;
      const { from, to, isMasked } = header;
      if (opcode <= LAST_DATA_OPCODE && to > from) {
        this.#data(isMasked ? unmask(bytes, from, to) : bytes.subarray(from, to), fromOriginator);
      }
      at = to;
    }
    return bytes.length;
  }

  gap(): void {
    this.done = true;
  }

  close(): void {
    this.#inner?.close();
  }

  #data(bytes: Uint8Array, fromOriginator: boolean): void {
    this.#inner ??= this.#detect(bytes, fromOriginator);
    this.#inner?.feed(bytes, fromOriginator);
    if (this.#inner?.isOver) this.done = true;
  }

  #detect(bytes: Uint8Array, fromOriginator: boolean): InnerSession | undefined {
    const { dest_port } = this.#connection;
    const found = this.#candidates.find((d) => d.probe(bytes, fromOriginator, dest_port) >= 0.5);
    this.done = !found && ++this.#probed >= MOST_PROBED;
    return found && new InnerSession(found, this.#connection);
  }
}

const withCandidates = (candidates: readonly Dissector[]): Dissector => ({
  name: 'websocket',
  transports: ['tcp'],
  ports: [],
  begins: () => false,
  probe: () => 0, // it begins within HTTP, which hands over
  open: (connection) => new WebSocketSession(connection, candidates),
  create: () => withCandidates(candidates.map((dissector) => dissector.create?.() ?? dissector)),
});

export const websocket: Dissector = withCandidates([ssl, ssh, http]);
