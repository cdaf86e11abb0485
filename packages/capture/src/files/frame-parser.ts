/** What the parsers of capture formats have in common: a cursor over a buffer that somebody else fills. */

/** `frame`: one is ready; `more`: the buffer ends within a record; `bad`: `fault` says why nothing follows. */
export type Step = 'frame' | 'more' | 'bad';

/** libpcap's own limit for one packet; more in a record means that the file is damaged. */
export const MAX_FRAME = 262_144;

/** Reads records one by one. After `frame` the fields tell where it lies; they change with the next call. */
export abstract class FrameParser {
  bytes: Uint8Array = new Uint8Array(0);
  /** The next record to read, and the end of what is filled. */
  at = 0;
  end = 0;
  /** After `more`: how many bytes from `at` the next step needs, at least. */
  wanted = 0;
  /** After `bad`: what was found and what was expected. */
  fault = '';

  offset = 0;
  caplen = 0;
  wirelen = 0;
  /** ms since the epoch. */
  ts = 0;
  linktype = 0;

  abstract next(): Step;

  /** True if part of a record is waiting for the rest. */
  get isWithinRecord(): boolean {
    return this.end > this.at;
  }

  protected needs(bytes: number): Step {
    this.wanted = bytes;
    return 'more';
  }

  protected breaks(fault: string): Step {
    this.fault = fault;
    return 'bad';
  }
}

export const u32le = (b: Uint8Array, at: number): number =>
  (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;

export const u32be = (b: Uint8Array, at: number): number =>
  ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;

export const hex32 = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
