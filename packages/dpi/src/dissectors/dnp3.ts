/** DNP3 over TCP and UDP: requests and replies of substations. IEEE 1815 §9 (link), §8 (transport), §4 (application); rows as Zeek's dnp3.log. */
import type { Dnp3 } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { checksumHolds } from './dnp3/checksum.ts';
import { functionName } from './dnp3/functions.ts';
import { headOf } from './head.ts';

/** Bytes of the link header with its checksum; of a block of data and its checksum. */
const LINK = 10;
const BLOCK = 16;
const CHECKSUM = 2;
/** What the length of a frame counts before the data: control, destination, source. */
const COUNTED = 5;

const MAGIC = [0x05, 0x64] as const;
const FIRST = 0x40;

/** Bytes of a frame, checksums of all its blocks included. */
function frameLength(length: number): number {
  const data = length - COUNTED;
  return LINK + data + Math.ceil(data / BLOCK) * CHECKSUM;
}

const beginsFrame = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === MAGIC[0] && bytes[at + 1] === MAGIC[1] && bytes[at + 2]! >= COUNTED;

class Dnp3Session implements Session {
  readonly #connection: Connection;
  #pending: Dnp3 | undefined;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let at = 0;
    while (bytes.length - at >= LINK) {
      if (!beginsFrame(bytes, at)) return this.#break('dnp3_header_lacks_magic');
      if (!checksumHolds(bytes, at, at + LINK - CHECKSUM)) return this.#break('dnp3_corrupt_header_checksum');
      const end = at + frameLength(bytes[at + 2]!);
      if (end > bytes.length) break;
      this.#confirm();
      if (!this.#frame(bytes, at + LINK, end, fromOriginator)) return -1;
      at = end;
    }
    return at;
  }

  close(): void {
    if (this.#pending) this.#connection.emit(this.#pending);
    this.#pending = undefined;
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm(`dnp3_${this.#connection.proto}`);
    this.#isConfirmed = true;
  }

  /** The data of a frame; the function stands in the first segment, so that later ones need not be joined. */
  #frame(bytes: Uint8Array, at: number, end: number, fromOriginator: boolean): boolean {
    for (let block = at; block < end; block += BLOCK + CHECKSUM) {
      if (checksumHolds(bytes, block, Math.min(block + BLOCK, end - CHECKSUM))) continue;
      this.#connection.weird('dnp3_corrupt_app_chunk_checksum', undefined, 'DNP3');
      return false;
    }
    const isFirst = end - at >= 3 + CHECKSUM && (bytes[at]! & FIRST) !== 0;
    if (isFirst && fromOriginator) this.#request(bytes[at + 2]!);
    else if (isFirst && end - at >= 5 + CHECKSUM) {
      this.#reply(bytes[at + 2]!, (bytes[at + 3]! << 8) | bytes[at + 4]!);
    }
    return true;
  }

  #request(func: number): void {
    const row = this.#row();
    row.fc_request = functionName(func);
    this.#pending = row;
  }

  #reply(func: number, iin: number): void {
    const row = this.#row();
    row.fc_reply = functionName(func);
    row.iin = iin;
    this.#pending = undefined;
    this.#connection.emit(row);
  }

  #row(): Dnp3 {
    return { kind: 'dnp3', ...this.#pending, ...headOf(this.#connection) };
  }

  #break(weird: string): number {
    if (this.#isConfirmed) this.#connection.weird(weird, undefined, 'DNP3');
    return -1;
  }
}

export const dnp3: Dissector = {
  name: 'dnp3',
  transports: ['tcp', 'udp'],
  ports: [20_000],
  begins: (first) => first === MAGIC[0],
  probe(bytes) {
    if (bytes[0] !== MAGIC[0]) return 0;
    if (bytes.length < LINK) return bytes.length < 2 || bytes[1] === MAGIC[1] ? -1 : 0;
    return beginsFrame(bytes, 0) && checksumHolds(bytes, 0, LINK - CHECKSUM) ? 1 : 0;
  },
  open: (connection) => new Dnp3Session(connection),
};
