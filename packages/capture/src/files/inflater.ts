/**
 * Decompression of gzip (RFC 1952) and zstd (RFC 8878) piece by piece, with bounded memory and a limit on how much the
 * data may swell.
 */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { ThymusError } from '@thymus/core';
import { u32le } from './frame-parser.ts';

export type Compression = 'gzip' | 'zstd';

/** A log of equal lines shrinks to a fiftieth, a flood of equal packets to a fortieth; beyond this lie only bombs. */
const MAX_RATIO = 400;
/** Small files may shrink more: the limit holds from here on. */
const FREE_OUTPUT = 64 * 1024 * 1024;
/** Larger outputs lose more at the end of damaged input, smaller ones cost more calls. */
const chunkSize = 65_536;

/** The compression of a file that begins with these bytes. RFC 8878 §3.1.2 has the skippable frames. */
export function compressionOf(b: Uint8Array): Compression | undefined {
  if (b.length < 4) return undefined;
  if (b[0] === 0x1f && b[1] === 0x8b && b[2] === 8) return 'gzip';
  const magic = u32le(b, 0);
  return magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5 ? 'zstd' : undefined;
}

/**
 * Turns compressed pieces into plain ones, which `take` hands out. What came out before damage is found is always the
 * same, so that reading a damaged file twice gives the same records.
 */
export class Inflater {
  isFinished = false;
  readonly #kind: Compression;
  readonly #out: Uint8Array[] = [];
  #stream: Gunzip | ZstdDecompress;
  #consumed = 0;
  #produced = 0;
  #failure: ThymusError | undefined;
  #hasFrameEnded = false;
  #wake: () => void = () => undefined;

  constructor(kind: Compression) {
    this.#kind = kind;
    this.#stream = this.#open();
  }

  /** Moves what came out into `target`, as far as it goes. Throws BAD_FILE once all before the damage is handed out. */
  take(target: Uint8Array): number {
    let count = 0;
    for (let piece = this.#out[0]; piece && count < target.length; piece = this.#out[0]) {
      const part = piece.subarray(0, target.length - count);
      target.set(part, count);
      count += part.length;
      if (part.length === piece.length) this.#out.shift();
      else this.#out[0] = piece.subarray(part.length);
    }
    if (count === 0 && this.#failure) throw this.#failure;
    return count;
  }

  /** Resolves when `piece` has been used up or damage was found. */
  async feed(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0 && !this.#failure; ) {
      if (this.#hasFrameEnded && !this.#continues(rest)) return;
      const before = this.#stream.bytesWritten;
      await this.#settled((done) => this.#stream.write(rest, done));
      const used = this.#hasFrameEnded ? this.#stream.bytesWritten - before : rest.length;
      this.#consumed += used;
      rest = rest.subarray(used);
    }
  }

  /** Resolves when the rest is out, or is found to be missing. */
  async finish(): Promise<void> {
    if (!this.#hasFrameEnded && !this.#failure) await this.#settled(() => this.#stream.end());
    this.isFinished = true;
  }

  close(): void {
    this.#stream.destroy();
    this.#out.length = 0;
  }

  /** Node ends a zstd stream with the first frame that ends within a piece: the next frame needs a stream of its own. */
  #continues(rest: Uint8Array): boolean {
    if (compressionOf(rest) !== this.#kind) {
      this.#fail(
        `bytes that are no ${this.#kind} follow the end of the compressed data at byte ${this.#consumed}`,
      );
      return false;
    }
    this.#stream.destroy();
    this.#stream = this.#open();
    return true;
  }

  #open(): Gunzip | ZstdDecompress {
    this.#hasFrameEnded = false;
    const stream = this.#kind === 'gzip' ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize });
    stream.on('data', (plain: Uint8Array) => this.#add(plain));
    stream.on('end', () => {
      this.#hasFrameEnded = true;
      this.#wake();
    });
    stream.on('error', (error) => {
      this.#fail(`the ${this.#kind} data is damaged at byte ${this.#consumed}: ${error.message}`, error);
    });
    return stream;
  }

  #add(plain: Uint8Array): void {
    this.#produced += plain.length;
    const limit = Math.max(FREE_OUTPUT, (this.#consumed + this.#stream.bytesWritten) * MAX_RATIO);
    if (this.#produced > limit) {
      this.#fail(`the ${this.#kind} data swells to more than ${MAX_RATIO} times its size`);
      this.#stream.destroy();
    } else if (!this.#failure) this.#out.push(plain);
  }

  #fail(message: string, cause?: unknown): void {
    this.#failure ??= new ThymusError('BAD_FILE', message, { cause });
    this.isFinished = true;
    this.#wake();
  }

  /** Runs an action; resolves when it calls back, when the compressed data ends, or on damage. */
  #settled(action: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      action(resolve);
    });
  }
}
