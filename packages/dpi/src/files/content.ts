/** Files that are small and worth reading as a whole: their bytes are kept, and given to whoever knows their type. */
import type { Connection } from '../dissector.ts';
import { OCSP_RESPONSE, readOcspResponse } from '../dissectors/x509/ocsp.ts';

/** Larger ones are not read; responses of OCSP have some 2 KB. */
const MOST = 65_536;
const SEQUENCE = 0x30;
/** `PK`, with which archives begin. */
const LETTER_P = 0x50;
const LETTER_K = 0x4b;

/** The bytes of one file. */
export class FileContent {
  readonly #most: number;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** Never keeps more than `most`. */
  constructor(most: number = MOST) {
    this.#most = most;
  }

  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds a copy of the bytes; false if that would be too many. */
  add(bytes: Uint8Array): boolean {
    const length = this.#length + bytes.length;
    if (length > this.#most) return false;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, Math.min(this.#most, this.#bytes.length * 2)));
      larger.set(this.view);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
    return true;
  }

  /** Keeps only the first bytes. */
  cut(length: number): void {
    this.#length = Math.min(this.#length, length);
  }
}

/** True where a file that begins with the bytes may be worth keeping until its type is known. */
export const mayBeRead = (first: number, second: number | undefined): boolean =>
  first === SEQUENCE || (first === LETTER_P && (second === undefined || second === LETTER_K));

/** True where somebody reads files of the type. */
export const isRead = (type: string | undefined): boolean => type === OCSP_RESPONSE;

/** Reads a whole file and emits what it says. */
export function readContent(type: string, bytes: Uint8Array, connection: Connection, fuid: string): void {
  if (!isRead(type)) return;
  for (const record of readOcspResponse(bytes, fuid, connection)) connection.emit(record);
}
