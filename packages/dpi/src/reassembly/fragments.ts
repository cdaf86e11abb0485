/**
 * Joins IP fragments (RFC 791, RFC 8200 section 4.5). What came first wins where fragments overlap. Both the number of
 * datagrams that wait and the age of a datagram are bounded.
 */
import type { PacketWeird } from '../layers/ip.ts';
import type { Packet } from '../layers/packet.ts';

/** A datagram whose fragments are missing is given up after this, ms (RFC 8200 section 4.5). */
const PATIENCE = 60_000;
const LARGEST = 65_535;
const SMALL = 64;
const LARGE = 64_000;
/** More pieces than a datagram of any real link comes in: 65,535 / 64. */
const MOST_PIECES = 1_024;

interface Datagram {
  since: number;
  bytes: Uint8Array;
  /** Pieces seen so far, start and end in turn, sorted and without overlap. */
  pieces: number[];
  /** Length of the whole, 0 = not known yet. */
  size: number;
  proto: number;
}

export class Defragmenter {
  /** Datagrams that were dropped because too many were waiting. */
  dropped = 0;
  readonly #limit: number;
  readonly #weird: PacketWeird;
  readonly #waiting = new Map<string, Datagram>();

  constructor(limit: number, weird: PacketWeird) {
    this.#limit = limit;
    this.#weird = weird;
  }

  /** How many datagrams wait for fragments. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a fragment; once all are there, sets the packet to the joined datagram and says true. */
  add(p: Packet, id: number, offset: number, hasMore: boolean): boolean {
    const key = `${p.network},${p.src0},${p.src1},${p.src2},${p.src3},${p.dst0},${p.dst1},${p.dst2},${p.dst3},${id}`;
    const datagram = this.#datagramOf(key, p);
    const upper = offset + p.length;
    this.#judge(p, datagram, offset, upper, hasMore);
    if (upper > LARGEST || p.length === 0) return false;
    this.#place(p, datagram, offset, upper);
    const { pieces } = datagram;
    const isWhole = datagram.size > 0 && pieces[0] === 0 && pieces[1]! >= datagram.size;
    if (!isWhole) return false;
    this.#waiting.delete(key);
    p.bytes = datagram.bytes;
    p.at = 0;
    p.length = pieces[1]!;
    p.captured = p.length;
    p.end = p.length;
    p.ipProto = datagram.proto;
    return true;
  }

  /** Gives up datagrams that have waited too long. */
  expire(now: number): void {
    for (const [key, { since }] of this.#waiting) {
      if (now - since < PATIENCE) return;
      this.#waiting.delete(key);
    }
  }

  clear(): void {
    this.#waiting.clear();
  }

  #datagramOf(key: string, p: Packet): Datagram {
    const known = this.#waiting.get(key);
    if (known) return known;
    if (this.#waiting.size >= this.#limit) {
      const oldest = this.#waiting.keys().next();
      if (!oldest.done) this.#waiting.delete(oldest.value);
      this.dropped++;
      this.#weird(p, 'too_many_fragments', undefined, 'IP', true);
    }
    const made = { since: p.ts, bytes: new Uint8Array(2_048), pieces: [], size: 0, proto: p.ipProto };
    this.#waiting.set(key, made);
    return made;
  }

  /** Tells what is odd about a fragment and learns the size of the whole from the last one. */
  #judge(p: Packet, datagram: Datagram, offset: number, upper: number, hasMore: boolean): void {
    const odd = (name: string) => this.#weird(p, name, undefined, undefined, true);
    if (p.ipProto !== datagram.proto && datagram.pieces.length > 0) odd('fragment_protocol_inconsistency');
    if (offset === 0) datagram.proto = p.ipProto;
    if (!hasMore) {
      if (datagram.size > 0 && upper !== datagram.size) odd('fragment_size_inconsistency');
      datagram.size = Math.max(datagram.size, upper);
    } else if (p.ipLength < SMALL) odd('excessively_small_fragment');
    if (upper > LARGE) odd('excessively_large_fragment');
    if (hasMore && datagram.size > 0 && upper > datagram.size) {
      odd('fragment_size_inconsistency');
      datagram.size = upper;
    }
  }

  /** Copies what is new of a fragment into the datagram. */
  #place(p: Packet, datagram: Datagram, offset: number, upper: number): void {
    if (datagram.bytes.length < upper) {
      const grown = new Uint8Array(Math.min(LARGEST, Math.max(upper, datagram.bytes.length * 4)));
      grown.set(datagram.bytes);
      datagram.bytes = grown;
    }
    const { pieces, bytes } = datagram;
    if (pieces.length >= MOST_PIECES * 2) return;
    let at = offset;
    let hasOverlap = false;
    const merged: number[] = [];
    for (let i = 0; i < pieces.length; i += 2) {
      const [from, to] = [pieces[i]!, pieces[i + 1]!];
      if (at < from && at < upper) bytes.set(view(p, at - offset, Math.min(from, upper) - offset), at);
      if (from < upper && to > offset) hasOverlap = true;
      at = Math.max(at, Math.min(to, upper));
      merged.push(from, to);
    }
    if (at < upper) bytes.set(view(p, at - offset, upper - offset), at);
    if (hasOverlap) this.#weird(p, 'fragment_overlap', undefined, undefined, true);
    merged.push(offset, upper);
    datagram.pieces = joinPieces(merged);
  }
}

const view = (p: Packet, from: number, to: number): Uint8Array => p.bytes.subarray(p.at + from, p.at + to);

/** Sorts spans and joins those that touch. */
function joinPieces(spans: number[]): number[] {
  const sorted: [number, number][] = [];
  for (let i = 0; i < spans.length; i += 2) sorted.push([spans[i]!, spans[i + 1]!]);
  sorted.sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [from, to] of sorted) {
    const last = joined.length - 1;
    if (last > 0 && from <= joined[last]!) joined[last] = Math.max(joined[last]!, to);
    else joined.push(from, to);
  }
  return joined;
}
