/**
 * Bodies sent compressed: RFC 1950, 1951, 1952 as of RFC 9110 §8.4.1, RFC 7932, RFC 8878. Bounded in memory, time and
 * output.
 */
import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  constants as zlib,
  zstdDecompressSync,
} from 'node:zlib';
import type { BodySink } from './files.ts';

export type Coding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Where unpacked bytes go. What is not unpacked is only counted. */
type Sink = BodySink & { skip?(length: number): void };

/** Compressed bytes that are kept. Larger bodies are unpacked as far as these go, to tell their type. */
const MAX_KEPT = 65_536;
/** Unpacked bytes that are accepted of them. */
const MAX_OUTPUT = 4 << 20;
/** The same where files are hashed or written. */
const MAX_KEPT_OF_FILES = 16 << 20;
const MAX_OUTPUT_OF_FILES = 64 << 20;
/** Of a body that unpacks to more than that, this many compressed bytes are tried again. */
const HEAD = 2048;

/** Collects a compressed body, gives what it unpacks to on to a sink, and tells its length. */
export class Inflater implements BodySink {
  readonly #coding: Coding;
  readonly #sink: Sink;
  readonly #maxKept: number;
  readonly #maxOutput: number;
  #kept = new Uint8Array(2048);
  #size = 0;
  #received = 0;
  /** The last four bytes: a gzip body ends with its length. */
  #tail = 0;
  #output = 0;
  #isPassedOn = false;
  /** True where the bytes could not be unpacked. */
  isBroken = false;

  /** With `readsFiles` larger bodies are unpacked as a whole. */
  constructor(coding: Coding, sink: Sink, readsFiles = false) {
    this.#coding = coding;
    this.#sink = sink;
    this.#maxKept = readsFiles ? MAX_KEPT_OF_FILES : MAX_KEPT;
    this.#maxOutput = readsFiles ? MAX_OUTPUT_OF_FILES : MAX_OUTPUT;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    this.#received += to - from;
    for (let i = Math.max(from, to - 4); i < to; i++) this.#tail = (this.#tail >>> 8) | (bytes[i]! << 24);
    if (this.#isPassedOn) return;
    this.#keep(bytes.subarray(from, Math.min(to, from + this.#maxKept - this.#size)));
    if (this.#size === this.#maxKept) this.#passOn();
  }

  /** What comes behind bytes that are missing cannot be unpacked. */
  gap(length: number): void {
    if (!this.#isPassedOn) this.#passOn();
    this.#sink.gap(length);
  }

  /** Counts what was not unpacked. */
  finish(isComplete: boolean): void {
    if (!this.#isPassedOn) this.#passOn();
    const rest = this.length(isComplete) - this.#output;
    if (this.#received > this.#maxKept && rest > 0) this.#sink.skip?.(rest);
  }

  end(): void {
    this.#sink.end();
  }

  /** Bytes of the unpacked body: exact where all was kept, by the gzip trailer where not, else as received. */
  length(isComplete: boolean): number {
    if (this.#received <= this.#maxKept && !this.isBroken) return this.#output;
    return this.#coding === 'gzip' && isComplete && !this.isBroken ? this.#tail >>> 0 : this.#received;
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#size + bytes.length;
    if (needed > this.#kept.length) {
      const grown = new Uint8Array(Math.min(this.#maxKept, Math.max(needed, this.#kept.length * 2)));
      grown.set(this.#kept);
      this.#kept = grown;
    }
    this.#kept.set(bytes, this.#size);
    this.#size = needed;
  }

  #passOn(): void {
    this.#isPassedOn = true;
    const packed = this.#kept.subarray(0, this.#size);
    this.#kept = packed.subarray(0, 0);
    const unpacked =
      this.#size === 0 ? packed : (this.#unpack(packed) ?? this.#unpack(packed.subarray(0, HEAD)));
    if (!unpacked) this.isBroken = true;
    else {
      this.#output = unpacked.length;
      this.#sink.data(unpacked, 0, unpacked.length);
    }
  }

  #unpack(packed: Uint8Array): Uint8Array | undefined {
    try {
      return UNPACK[this.#coding](packed, this.#maxOutput);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (/^(?:Z_|ZSTD_error|ERR__ERROR|ERR_BUFFER_TOO_LARGE)/.test(code)) return undefined;
      throw error;
    }
  }
}

/** Some servers send the bare stream under the name of deflate. */
const hasZlibHeader = (b: Uint8Array): boolean =>
  b.length >= 2 && (b[0]! & 15) === 8 && ((b[0]! << 8) | b[1]!) % 31 === 0;

/** Each takes a stream that may be cut, and gives what it holds so far. */
const UNPACK: Readonly<Record<Coding, (packed: Uint8Array, most: number) => Uint8Array>> = {
  gzip: (packed, maxOutputLength) => gunzipSync(packed, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength }),
  deflate: (packed, maxOutputLength) =>
    (hasZlibHeader(packed) ? inflateSync : inflateRawSync)(packed, {
      finishFlush: zlib.Z_SYNC_FLUSH,
      maxOutputLength,
    }),
  br: (packed, maxOutputLength) =>
    brotliDecompressSync(packed, { finishFlush: zlib.BROTLI_OPERATION_FLUSH, maxOutputLength }),
  zstd: (packed, maxOutputLength) =>
    zstdDecompressSync(packed, { finishFlush: zlib.ZSTD_e_flush, maxOutputLength }),
};
