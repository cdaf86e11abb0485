/** The bytes of a file, decompressed where they are gzip or zstd by content, whatever the file is called. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ThymusError } from '@thymus/core';
import { compressionOf, Inflater } from './inflater.ts';

/** Compressed bytes handed to the decompressor at a time: with a bomb, all they become waits in memory. */
const PIECE = 16_384;

/** Opened by the constructor, which throws BAD_FILE for what is not a readable, ordinary file. */
export class Input {
  readonly size: number;
  /** Bytes read so far, as they lie on the disk. */
  bytesRead = 0;
  readonly #fd: number;
  readonly #inflater: Inflater | undefined;
  readonly #piece: Uint8Array | undefined;
  #isOpen = true;

  constructor(path: string) {
    this.#fd = openFile(path);
    try {
      const stat = fstatSync(this.#fd);
      if (!stat.isFile()) throw new ThymusError('BAD_FILE', 'it is not an ordinary file');
      this.size = stat.size;
      const magic = new Uint8Array(4);
      const kind = compressionOf(magic.subarray(0, readSync(this.#fd, magic, 0, 4, 0)));
      this.#inflater = kind && new Inflater(kind);
      this.#piece = kind && new Uint8Array(PIECE);
    } catch (error) {
      closeSync(this.#fd);
      throw asBadFile(error);
    }
  }

  /** Fills `target` from its start as far as it goes; 0 at the end. Rejects with BAD_FILE. */
  async read(target: Uint8Array): Promise<number> {
    if (!this.#inflater) return this.#readRaw(target);
    const inflater = this.#inflater;
    let count = inflater.take(target);
    while (count === 0 && !inflater.isFinished) {
      const n = this.#readRaw(this.#piece!);
      await (n > 0 ? inflater.feed(this.#piece!.subarray(0, n)) : inflater.finish());
      count = inflater.take(target);
    }
    return count;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#inflater?.close();
    closeSync(this.#fd);
  }

  #readRaw(target: Uint8Array): number {
    try {
      const n = readSync(this.#fd, target, 0, target.length, this.bytesRead);
      this.bytesRead += n;
      return n;
    } catch (error) {
      throw asBadFile(error);
    }
  }
}

function openFile(path: string): number {
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw asBadFile(error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EPERM: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ELOOP: 'its symbolic links lead in a circle',
};

function asBadFile(error: unknown): ThymusError {
  if (error instanceof ThymusError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new ThymusError('BAD_FILE', REASONS[code] ?? `it cannot be read (${code})`, { cause: error });
}
