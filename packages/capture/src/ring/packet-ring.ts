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
  /** All files together stay below this. At least 8 MiB. */
  bytes: number;
}

const BLOCK = 262_144;
const LARGEST_FRAME = 262_144;
const SMALLEST_SEGMENT = 1_048_576;
const LARGEST_SEGMENT = 67_108_864;
/** The ring is cut in so many segments: so much of it goes at a time. */
const SEGMENTS = 32;
export const SMALLEST_RING = 8 * SMALLEST_SEGMENT;

interface OpenSegment extends Segment {
  packets: number;
  index: number;
  /** How many bytes have been written. */
  at: number;
}

/** What a writer needs of its ring. */
interface Host {
  readonly segmentBytes: number;
  /** Makes room and opens the next segment; throws where that cannot be. */
  begin(linktype: number): OpenSegment;
  ended(segment: Segment): void;
  /** The disk took no more, or takes packets again where `error` is undefined. */
  trouble(error: unknown, packetsLost: number): void;
}

export class PacketRing {
  readonly #folder: string;
  readonly #limit: number;
  readonly #segments: Segment[];
  /** One per link type, as a pcap file has one. */
  readonly #writers = new Map<number, SegmentWriter>();
  readonly #host: Host;
  #next: number;
  #packetsLost = 0;
  #fault = '';

  /** Opens or makes the ring in a folder of its own. Throws BAD_INPUT for less than 8 MiB, BAD_FILE for no folder. */
  constructor(folder: string, { bytes }: RingOptions) {
    if (!(bytes >= SMALLEST_RING))
      throw new ThymusError(
        'BAD_INPUT',
        `A packet ring takes at least ${SMALLEST_RING} bytes, not ${bytes}.`,
      );
    this.#folder = folder;
    this.#limit = bytes;
    const segmentBytes = Math.max(SMALLEST_SEGMENT, Math.floor(bytes / SEGMENTS));
    this.#host = {
      segmentBytes: Math.min(LARGEST_SEGMENT, segmentBytes),
      begin: (linktype) => this.#begin(linktype),
      ended: (segment) => this.#segments.push(segment),
      trouble: (error, packetsLost) => this.#trouble(error, packetsLost),
    };
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ThymusError('BAD_FILE', `${folder} cannot be made a folder for packets.`, { cause });
    }
    this.#segments = listSegments(folder);
    this.#next = (this.#segments.at(-1)?.number ?? 0) + 1;
  }

  /** Packets that could not be written, and why; an empty text while all is well. */
  get status(): { packetsLost: number; fault: string } {
    return { packetsLost: this.#packetsLost, fault: this.#fault };
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
    let writer = this.#writers.get(linktype);
    if (!writer) {
      writer = new SegmentWriter(linktype, this.#host);
      this.#writers.set(linktype, writer);
    }
    writer.write(bytes, offset, caplen, wirelen, ts, keys);
  }

  /** Writes what waits in memory, so that it can be read and survives the end of the process. */
  flush(): void {
    for (const writer of this.#writers.values()) writer.flush();
  }

  close(): void {
    for (const writer of this.#writers.values()) writer.close();
  }

  #begin(linktype: number): OpenSegment {
    const number = this.#next;
    const [path, index] = [segmentPath(this.#folder, number), indexPath(this.#folder, number)];
    this.#makeRoom();
    const packets = openSync(path, 'wx', 0o600);
    this.#next++;
    const indexFile = openSync(index, 'w', 0o600);
    writeSync(packets, pcapHeader(linktype));
    const files = { number, path, indexPath: index, packets, index: indexFile };
    return { ...files, at: FILE_HEADER, bytes: FILE_HEADER };
  }

  /** Each open segment may grow past its size by a block. */
  #makeRoom(): void {
    const open = Math.max(1, this.#writers.size);
    const room = this.#limit - open * (this.#host.segmentBytes + 2 * BLOCK + LARGEST_FRAME);
    let sum = this.#segments.reduce((all, { bytes }) => all + bytes, 0);
    while (sum > room && this.#segments.length > 0) sum -= this.#dropOldest();
  }

  #dropOldest(): number {
    const oldest = this.#segments.shift()!;
    rmSync(oldest.path, { force: true });
    rmSync(oldest.indexPath, { force: true });
    return oldest.bytes;
  }

  /** Gives the oldest segment back to the disk. */
  #trouble(error: unknown, packetsLost: number): void {
    this.#fault = error === undefined ? '' : reasonOf(error);
    this.#packetsLost += packetsLost;
    if (error !== undefined && this.#segments.length > 0) this.#dropOldest();
  }
}

/** Writes the packets of one link type: into a block in memory, from there to the open segment. */
class SegmentWriter {
  readonly #linktype: number;
  readonly #host: Host;
  readonly #buffer = Buffer.alloc(BLOCK + LARGEST_FRAME + PACKET_HEADER);
  readonly #filter = new Uint8Array(BLOOM_BYTES);
  #open: OpenSegment | undefined;
  /** Bytes of the block, and how many of them were written. */
  #filled = 0;
  #flushed = 0;
  #packets = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(linktype: number, host: Host) {
    this.#linktype = linktype;
    this.#host = host;
  }

  write(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    keys: PacketKeys,
  ): void {
    if (!this.#open && !this.#begin()) return;
    this.#put(bytes, offset, caplen, wirelen, ts);
    if (keys.source !== 0) {
      addKey(this.#filter, keys.source);
      addKey(this.#filter, keys.dest);
      addKey(this.#filter, keys.flow);
    }
    if (this.#filled >= BLOCK) this.#endBlock();
  }

  flush(): void {
    if (!this.#open || this.#flushed === this.#filled) return;
    try {
      while (this.#flushed < this.#filled) {
        const left = this.#filled - this.#flushed;
        this.#flushed += writeSync(this.#open.packets, this.#buffer, this.#flushed, left);
      }
      this.#host.trouble(undefined, 0);
    } catch (error) {
      this.#lose(error);
    }
  }

  close(): void {
    if (this.#filled > 0) this.#endBlock();
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    closeSync(open.packets);
    closeSync(open.index);
    const { number, path, bytes } = open;
    this.#host.ended({ number, path, indexPath: open.indexPath, bytes });
  }

  #begin(): boolean {
    try {
      this.#open = this.#host.begin(this.#linktype);
      return true;
    } catch (error) {
      this.#host.trouble(error, 1);
      return false;
    }
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
    this.#packets++;
    if (ts < this.#first) this.#first = ts;
    if (ts > this.#last) this.#last = ts;
  }

  /** Writes the block and its entry; the next begins in the next segment where this one is full. */
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
    if (open.at >= this.#host.segmentBytes) this.close();
  }

  #emptyBlock(): void {
    this.#filled = 0;
    this.#flushed = 0;
    this.#packets = 0;
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = Number.NEGATIVE_INFINITY;
    this.#filter.fill(0);
  }

  /** Gives up the block and the rest of the segment. */
  #lose(error: unknown): void {
    this.#host.trouble(error, this.#packets);
    this.#emptyBlock();
    this.close();
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'no room is left on the disk' : `packets cannot be written (${code})`;
}
