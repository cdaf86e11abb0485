/**
 * The packet ring: the last packets on disk, up to a set size. Packets go to blocks in memory, blocks to segment
 * files; the oldest segment gives way to a new one. What cannot be written is counted, and never keeps capture back.
 */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { pcapHeader, ThymusError } from '@thymus/core';
import { addKey, BLOOM_BYTES } from './bloom.ts';
import {
  ENTRY_BYTES,
  FILE_HEADER,
  indexPath,
  listSegments,
  PACKET_HEADER,
  type Segment,
  segmentPath,
} from './segment-files.ts';

/** Under which a packet is found again; 0 for none. */
export interface PacketKeys {
  readonly source: number;
  readonly dest: number;
  readonly flow: number;
}

export interface RingOptions {
  /** All files together stay below this. At least 4 MiB. */
  bytes: number;
}

const BLOCK = 262_144;
const LARGEST_FRAME = 262_144;
const SMALLEST_SEGMENT = 1_048_576;
const LARGEST_SEGMENT = 67_108_864;
/** The ring is cut in so many segments: so much of it goes at a time. */
const SEGMENTS = 32;
export const SMALLEST_RING = 4 * SMALLEST_SEGMENT;

interface OpenSegment extends Segment {
  packets: number;
  index: number;
  linktype: number;
  /** How many bytes have been written. */
  at: number;
}

export class PacketRing {
  readonly #folder: string;
  readonly #limit: number;
  readonly #segmentBytes: number;
  readonly #segments: Segment[];
  #open: OpenSegment | undefined;
  #next: number;
  /** Packets that were not written yet, and how much of the block before them was. */
  readonly #buffer = Buffer.alloc(BLOCK + LARGEST_FRAME + PACKET_HEADER);
  #filled = 0;
  #flushed = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  readonly #filter = new Uint8Array(BLOOM_BYTES);
  #packetsLost = 0;
  #packetsInBlock = 0;
  #fault = '';

  /** Opens or makes the ring in a folder of its own. Throws BAD_INPUT for less than 4 MiB, BAD_FILE for no folder. */
  constructor(folder: string, { bytes }: RingOptions) {
    if (!(bytes >= SMALLEST_RING))
      throw new ThymusError(
        'BAD_INPUT',
        `A packet ring takes at least ${SMALLEST_RING} bytes, not ${bytes}.`,
      );
    this.#folder = folder;
    this.#limit = bytes;
    this.#segmentBytes = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, Math.floor(bytes / SEGMENTS)));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ThymusError('BAD_FILE', `${folder} cannot be made a folder for packets.`, { cause });
    }
    this.#segments = listSegments(folder);
    this.#next = (this.#segments.at(-1)?.number ?? 0) + 1;
  }

  /** Packets that could not be written, and why; an empty text while all is well. */
  get status(): { packetsLost: number; fault: string; bytes: number } {
    const bytes = this.#segments.reduce((sum, each) => sum + each.bytes, 0) + (this.#open?.bytes ?? 0);
    return { packetsLost: this.#packetsLost, fault: this.#fault, bytes };
  }

  write(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
    keys: PacketKeys,
  ): void {
    if (caplen > LARGEST_FRAME) return;
    if (this.#open && this.#open.linktype !== linktype) this.#endSegment();
    if (!this.#open && !this.#begin(linktype)) {
      this.#packetsLost++;
      return;
    }
    this.#put(bytes, offset, caplen, wirelen, ts);
    if (keys.source !== 0) {
      addKey(this.#filter, keys.source);
      addKey(this.#filter, keys.dest);
      addKey(this.#filter, keys.flow);
    }
    if (this.#filled >= BLOCK) this.#endBlock();
  }

  /** Writes what waits in memory, so that it can be read and survives the end of the process. */
  flush(): void {
    const { packets } = this.#open ?? {};
    if (packets === undefined || this.#flushed === this.#filled) return;
    try {
      while (this.#flushed < this.#filled)
        this.#flushed += writeSync(packets, this.#buffer, this.#flushed, this.#filled - this.#flushed);
      this.#fault = '';
    } catch (error) {
      this.#lose(error);
    }
  }

  close(): void {
    this.#endSegment();
  }

  #put(bytes: Uint8Array, offset: number, caplen: number, wirelen: number, ts: number): void {
    const b = this.#buffer;
    let at = this.#filled;
    const micros = Math.round(ts * 1000);
    const seconds = Math.floor(micros / 1e6);
    at = b.writeUInt32LE(seconds >>> 0, at);
    at = b.writeUInt32LE((micros - seconds * 1e6) * 1000, at);
    at = b.writeUInt32LE(caplen, at);
    at = b.writeUInt32LE(wirelen >>> 0, at);
    b.set(bytes.subarray(offset, offset + caplen), at);
    this.#filled = at + caplen;
    this.#packetsInBlock++;
    if (ts < this.#first) this.#first = ts;
    if (ts > this.#last) this.#last = ts;
  }

  /** Writes the block and its entry; begins the next, in the next segment where this one is full. */
  #endBlock(): void {
    this.flush();
    const open = this.#open;
    if (!open) return;
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeDoubleLE(open.at, 0);
    entry.writeDoubleLE(open.at + this.#filled, 8);
    entry.writeDoubleLE(this.#first, 16);
    entry.writeDoubleLE(this.#last, 24);
    entry.set(this.#filter, 32);
    try {
      writeSync(open.index, entry);
    } catch (error) {
      this.#lose(error);
      return;
    }
    open.at += this.#filled;
    open.bytes += this.#filled + ENTRY_BYTES;
    this.#emptyBlock();
    if (open.at >= this.#segmentBytes) this.#endSegment();
  }

  #emptyBlock(): void {
    this.#filled = 0;
    this.#flushed = 0;
    this.#packetsInBlock = 0;
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    this.#filter.fill(0);
  }

  #endSegment(): void {
    if (this.#filled > 0) this.#endBlock();
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    closeSync(open.packets);
    closeSync(open.index);
    const { number, path, bytes } = open;
    this.#segments.push({ number, path, indexPath: open.indexPath, bytes });
  }

  /** Opens a segment, and makes room for it before; false if that cannot be. */
  #begin(linktype: number): boolean {
    const number = this.#next;
    const [path, index] = [segmentPath(this.#folder, number), indexPath(this.#folder, number)];
    try {
      this.#makeRoom();
      const packets = openSync(path, 'wx', 0o600);
      const indexFile = openSync(index, 'w', 0o600);
      writeSync(packets, pcapHeader(linktype));
      const files = { number, path, indexPath: index, packets, index: indexFile };
      this.#open = { ...files, linktype, at: FILE_HEADER, bytes: FILE_HEADER };
      this.#next++;
      return true;
    } catch (error) {
      this.#fault = reasonOf(error);
      return false;
    }
  }

  /** The new segment may grow past its size by a block. */
  #makeRoom(): void {
    const room = this.#limit - this.#segmentBytes - 2 * BLOCK - LARGEST_FRAME;
    let sum = this.#segments.reduce((all, { bytes }) => all + bytes, 0);
    while (sum > room && this.#segments.length > 0) sum -= this.#dropOldest();
  }

  #dropOldest(): number {
    const oldest = this.#segments.shift()!;
    rmSync(oldest.path, { force: true });
    rmSync(oldest.indexPath, { force: true });
    return oldest.bytes;
  }

  /** The disk took no more: gives the oldest segment back to it, gives up the block and the rest of the segment. */
  #lose(error: unknown): void {
    this.#fault = reasonOf(error);
    this.#packetsLost += this.#packetsInBlock;
    this.#emptyBlock();
    if (this.#segments.length > 0) this.#dropOldest();
    this.#endSegment();
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'no room is left on the disk' : `packets cannot be written (${code})`;
}
