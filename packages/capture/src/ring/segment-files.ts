/**
 * The files of a packet ring. A segment is an ordinary pcap file, `NUMBER.pcap`; beside it `NUMBER.index` has an entry
 * for each of its blocks, written after the block: whatever was cut off by a crash has no entry and is searched whole.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BLOOM_BYTES } from './bloom.ts';

/** Bytes in front of the first packet. */
export const FILE_HEADER = 24;
/** Bytes in front of each packet. */
export const PACKET_HEADER = 16;
/** From where to where in the segment, earliest and latest packet in ms, Bloom filter of its keys. */
export const ENTRY_BYTES = 32 + BLOOM_BYTES;

export interface Segment {
  number: number;
  path: string;
  indexPath: string;
  /** Of both files. */
  bytes: number;
}

export const segmentPath = (folder: string, number: number): string =>
  join(folder, `${String(number).padStart(10, '0')}.pcap`);

export const indexPath = (folder: string, number: number): string =>
  join(folder, `${String(number).padStart(10, '0')}.index`);

/** All segments of a ring, oldest first; none where there is no ring. */
export function listSegments(folder: string): Segment[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d{10}\.pcap$/.test(name))
    .map((name) => Number(name.slice(0, 10)))
    .sort((a, b) => a - b)
    .map((number) => {
      const [path, index] = [segmentPath(folder, number), indexPath(folder, number)];
      return { number, path, indexPath: index, bytes: sizeOf(path) + sizeOf(index) };
    });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
