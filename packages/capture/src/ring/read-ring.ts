/** Reads packets back out of a packet ring, also while it is written, and after a crash as far as it was written. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { PacketSink } from '../source.ts';
import { mayHold } from './bloom.ts';
import { ENTRY_BYTES, FILE_HEADER, listSegments, PACKET_HEADER, type Segment } from './segment-files.ts';

export interface RingQuery {
  /** ms since the epoch, both included. */
  from: number;
  to: number;
  /** Keys that a packet must have, each of them; blocks without are passed over. */
  keys: readonly number[];
}

/** Bytes read at a time of a part that has no entry. */
const CHUNK = 4_194_304;
const LARGEST_FRAME = 262_144;

interface Part {
  from: number;
  to: number;
}

/** Hands the packets of a time to the sink, oldest block first; those of other keys may be among them. */
export function readRing(folder: string, query: RingQuery, sink: PacketSink): void {
  for (const segment of listSegments(folder)) readSegment(segment, query, sink);
}

function readSegment(segment: Segment, query: RingQuery, sink: PacketSink): void {
  let file: number;
  try {
    file = openSync(segment.path, 'r');
  } catch {
    // The ring has moved on.
    return;
  }
  try {
    const { size } = fstatSync(file);
    const header = Buffer.alloc(FILE_HEADER);
    if (readSync(file, header, 0, FILE_HEADER, 0) < FILE_HEADER) return;
    const linktype = header.readUInt32LE(20);
    for (const part of partsOf(segment, size, query)) readPart(file, part, query, linktype, sink);
  } finally {
    closeSync(file);
  }
}

/** The blocks that may hold what is asked for, and what stands behind the last entry. */
function partsOf({ indexPath }: Segment, size: number, { from, to, keys }: RingQuery): Part[] {
  const parts: Part[] = [];
  const index = readIndex(indexPath);
  let end = FILE_HEADER;
  for (let at = 0; at + ENTRY_BYTES <= index.length; at += ENTRY_BYTES) {
    const part = { from: index.readDoubleLE(at), to: index.readDoubleLE(at + 8) };
    // A damaged entry ends the index; the rest is searched whole.
    if (part.from !== end || !(part.to > part.from) || part.to > size) break;
    end = part.to;
    const isInTime = index.readDoubleLE(at + 16) <= to && index.readDoubleLE(at + 24) >= from;
    const filter = index.subarray(at + 32, at + ENTRY_BYTES);
    if (isInTime && keys.every((key) => mayHold(filter, key))) parts.push(part);
  }
  if (end < size) parts.push({ from: end, to: size });
  return parts;
}

function readIndex(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

function readPart(file: number, part: Part, query: RingQuery, linktype: number, sink: PacketSink): void {
  for (let at = part.from; at < part.to; ) {
    const bytes = Buffer.alloc(Math.min(CHUNK, part.to - at));
    const count = readSync(file, bytes, 0, bytes.length, at);
    const used = handOn(bytes.subarray(0, count), query, linktype, sink);
    // A packet that was cut off, or damage: nothing that follows can be trusted.
    if (used === 0) return;
    at += used;
  }
}

/** Hands on whole packets; gives the bytes they took. */
function handOn(b: Buffer, { from, to }: RingQuery, linktype: number, sink: PacketSink): number {
  let at = 0;
  while (at + PACKET_HEADER <= b.length) {
    const caplen = b.readUInt32LE(at + 8);
    const end = at + PACKET_HEADER + caplen;
    if (caplen > LARGEST_FRAME || end > b.length) break;
    const ts = (b.readUInt32LE(at) * 1e6 + Math.round(b.readUInt32LE(at + 4) / 1000)) / 1000;
    const wirelen = b.readUInt32LE(at + 12);
    if (ts >= from && ts <= to) sink.packet(b, at + PACKET_HEADER, caplen, wirelen, ts, linktype);
    at = end;
  }
  return at;
}
