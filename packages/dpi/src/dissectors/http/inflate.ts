/** Bodies sent compressed: RFC 1950, 1951, 1952 as of RFC 9110 §8.4.1. Bounded in memory, time and output. */
import { gunzipSync, inflateRawSync, inflateSync, constants as zlib } from 'node:zlib';
import type { BodySink } from './files.ts';

export type Coding = 'gzip' | 'deflate';

/** Compressed bytes that are kept. Larger bodies are unpacked as far as these go, to tell their type. */
const MAX_KEPT = 65_536;
/** Unpacked bytes that are accepted of them. */
const MAX_OUTPUT = 4 << 20;
/** Of a body that unpacks to more than that, this many compressed bytes are tried again. */
const HEAD = 2048;

/** Collects a compressed body, gives what it unpacks to on to a sink, and tells its length. */
export class Inflater implements BodySink {
  readonly #coding: Coding;
  readonly #sink: BodySink;
  #kept = new Uint8Array(2048);
  #size = 0;
  #received = 0;
  /** The last four bytes: a gzip body ends with its length. */
  #tail = 0;
  #output = 0;
  #isPassedOn = false;
  /** True where the bytes could not be unpacked. */
  isBroken = false;

  constructor(coding: Coding, sink: BodySink) {
    this.#coding = coding;
    this.#sink = sink;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    this.#received += to - from;
    for (let i = Math.max(from, to - 4); i < to; i++) this.#tail = (this.#tail >>> 8) | (bytes[i]! << 24);
    if (this.#isPassedOn) return;
    this.#keep(bytes.subarray(from, Math.min(to, from + MAX_KEPT - this.#size)));
    if (this.#size === MAX_KEPT) this.#passOn();
  }

  end(): void {
    if (!this.#isPassedOn) this.#passOn();
    this.#sink.end();
  }

  /** Bytes of the unpacked body: exact where all was kept, by the gzip trailer where not, else as received. */
  length(isComplete: boolean): number {
    if (this.#received <= MAX_KEPT && !this.isBroken) return this.#output;
    return this.#coding === 'gzip' && isComplete && !this.isBroken ? this.#tail >>> 0 : this.#received;
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#size + bytes.length;
    if (needed > this.#kept.length) {
      const grown = new Uint8Array(Math.min(MAX_KEPT, Math.max(needed, this.#kept.length * 2)));
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
    const options = { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: MAX_OUTPUT };
    try {
      if (this.#coding === 'gzip') return gunzipSync(packed, options);
      return hasZlibHeader(packed) ? inflateSync(packed, options) : inflateRawSync(packed, options);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') return undefined;
      throw error;
    }
  }
}

/** Some servers send the bare stream under the name of deflate. */
const hasZlibHeader = (b: Uint8Array): boolean =>
  b.length >= 2 && (b[0]! & 15) === 8 && ((b[0]! << 8) | b[1]!) % 31 === 0;
