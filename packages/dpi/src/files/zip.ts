/** Members of ZIP archives as files of their own, while the archive is in transfer. PKWARE APPNOTE §4.3 to §4.5; rows as Zeek's files.log. */
import { inflateRawSync, constants as zlib } from 'node:zlib';
import { Reader } from '@thymus/core';
import type { Connection } from '../dissector.ts';
import { fieldText, MAX_TEXT } from '../text.ts';
import { FileContent } from './content.ts';
import type { FileStart, FileTransfer } from './transfer.ts';

/** What all archives within one file may cost together. */
export class ArchiveBudget {
  /** Rows, also of members that are not unpacked. */
  members = 1_000;
  unpacked: number;
  /** Packed bytes of a member that are kept to be unpacked. */
  readonly kept: number;

  /** With `readsContent` the bytes of files matter, not only their types. */
  constructor(readsContent: boolean) {
    this.unpacked = readsContent ? 64 << 20 : 4 << 20;
    this.kept = readsContent ? 16 << 20 : 65_536;
  }
}

/** Archives within archives that are opened. */
export const DEEPEST_ARCHIVE = 3;
/** Members that unpack to more than that many times their size, and to more than this, are not. */
const MAX_RATIO = 200;
const SMALL = 65_536;
/** Deflate cannot do better; larger sizes are claims. */
const DEFLATE_RATIO = 1_032;

/** Bytes that are searched for the end of a member at a time. */
const STEP = 16_384;

const LOCAL_HEADER = 0x0403_4b50;
const DIRECTORY_HEADER = 0x0201_4b50;
const DESCRIPTOR = 0x0807_4b50;
const HEADER_LENGTH = 30;
/** Where the next header is behind a descriptor, which may lack its signature and may have sizes of 64 bits. */
const DESCRIPTOR_LENGTHS: readonly number[] = [0, 12, 16, 20, 24];
const ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;
const STORED = 0;
const DEFLATED = 8;
const ZIP64 = 1;
const UNKNOWN_32 = 0xffff_ffff;

/** What the header of a member says. */
interface Header {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Undefined where only the descriptor behind the bytes tells. */
  readonly packed: number | undefined;
  readonly size: number | undefined;
}

/** One member in transfer. */
interface Member {
  readonly file: FileTransfer;
  readonly header: Header;
  /** Packed bytes that came. */
  received: number;
  /** Packed bytes that wait to be unpacked; undefined where nobody unpacks them. */
  kept: FileContent | undefined;
}

/** Reads one archive from its first byte on. */
export class ZipReader {
  readonly #connection: Connection;
  readonly #parent: string;
  readonly #start: FileStart;
  readonly #budget: ArchiveBudget;
  readonly #depth: number;
  #head = new FileContent();
  #member: Member | undefined;
  #isOver = false;

  /** `parent` is the identity of the archive, `start` how it began. */
  constructor(connection: Connection, parent: string, start: FileStart, budget: ArchiveBudget) {
    this.#connection = connection;
    this.#parent = parent;
    this.#start = start;
    this.#budget = budget;
    this.#depth = (start.archive?.depth ?? 0) + 1;
  }

  /** Takes the next bytes of the archive. */
  data(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0 && !this.#isOver; )
      rest = this.#member ? this.#body(this.#member, rest) : this.#header(rest);
  }

  /** Bytes of the archive that were never seen: only in a stored member the thread is not lost. */
  gap(length: number): void {
    const member = this.#member;
    const isInside =
      member?.header.method === STORED &&
      member.header.packed !== undefined &&
      member.header.packed - member.received >= length;
    if (member) member.file.gap(length);
    if (!member || !isInside) this.end();
    else this.#received(member, length);
  }

  /** The archive is over, or nothing more of it will come. */
  end(): void {
    if (this.#member) this.#finish(this.#member);
    this.#isOver = true;
  }

  /** Collects a header, gives what is left behind it. */
  #header(bytes: Uint8Array): Uint8Array {
    const have = this.#head.view.length;
    const taken = bytes.subarray(0, neededOf(this.#head.view) - have);
    this.#isOver = !this.#head.add(taken);
    const view = this.#head.view;
    if (view.length >= HEADER_LENGTH && wordAt(view, 0) !== LOCAL_HEADER) this.#skipDescriptor(view);
    else if (view.length >= HEADER_LENGTH && view.length === neededOf(view)) this.#begin(view);
    return bytes.subarray(taken.length);
  }

  #skipDescriptor(view: Uint8Array): void {
    const length = DESCRIPTOR_LENGTHS.find((at) => wordAt(view, at) === LOCAL_HEADER);
    this.#head = new FileContent();
    if (length === undefined) this.#isOver = true;
    else this.#head.add(view.subarray(length));
  }

  #begin(view: Uint8Array): void {
    const header = readHeader(view);
    this.#head = new FileContent();
    this.#isOver = header === undefined || --this.#budget.members < 0;
    if (!header || this.#isOver) return;
    const isReadable = !header.isEncrypted && (header.method === STORED || header.method === DEFLATED);
    const { source: _carrier, ...start } = this.#start;
    const file = this.#connection.file({
      source: 'ZIP',
      isOrig: start.isOrig,
      depth: (start.depth ?? 0) + 1,
      parent: this.#parent,
      filename: header.name,
      isWhole: isReadable,
      archive: { budget: this.#budget, depth: this.#depth },
      ...(header.size !== undefined && { total: header.size }),
    });
    file.touch(this.#connection.ts);
    const isKept = header.packed === undefined || (isReadable && header.method === DEFLATED);
    const kept = isKept ? new FileContent(this.#budget.kept) : undefined;
    this.#member = { file, header, received: 0, kept };
    if (header.packed === 0) this.#finish(this.#member);
  }

  /** Takes bytes of a member, gives what is left behind them. */
  #body(member: Member, bytes: Uint8Array): Uint8Array {
    const { header, file, kept } = member;
    if (header.packed === undefined) return this.#openEnded(member, bytes);
    const taken = bytes.subarray(0, header.packed - member.received);
    if (kept) keep(kept, taken, this.#budget.kept);
    else if (header.method === STORED && !header.isEncrypted) file.data(taken);
    this.#received(member, taken.length);
    return bytes.subarray(taken.length);
  }

  #received(member: Member, length: number): void {
    member.received += length;
    if (member.received === member.header.packed) this.#finish(member);
  }

  /** A member whose length is told behind it: all that may be its own is kept until it is found. */
  #openEnded(member: Member, bytes: Uint8Array): Uint8Array {
    const kept = member.kept!;
    const before = kept.view.length;
    const taken = bytes.subarray(0, STEP);
    if (!kept.add(taken)) {
      this.end();
      return bytes;
    }
    const end = findEnd(kept.view, Math.max(0, before - LONGEST_DESCRIPTOR));
    member.received = end < 0 ? kept.view.length : end;
    if (end < 0) return bytes.subarray(taken.length);
    const tail = kept.view.slice(end, Math.max(end, before));
    kept.cut(end);
    this.#finish(member);
    this.data(tail); // too short for more than the beginning of a header
    return bytes.subarray(Math.max(0, end - before));
  }

  #finish({ file, header, kept, received }: Member): void {
    this.#member = undefined;
    if (kept && !header.isEncrypted) {
      const packed = kept.view;
      const content = header.method === STORED ? packed : this.#unpack(header, packed);
      if (content) file.data(content);
    }
    const isComplete = header.packed !== undefined && received === header.packed;
    const most = header.method === STORED ? received : received * DEFLATE_RATIO;
    if (isComplete && header.size !== undefined) file.skip(Math.min(header.size, most) - file.length);
    file.end();
  }

  /** Gives what a member holds, as far as it came; undefined where it is broken, too large or a bomb. */
  #unpack({ method }: Header, packed: Uint8Array): Uint8Array | undefined {
    const most = Math.min(this.#budget.unpacked, Math.max(SMALL, packed.length * MAX_RATIO));
    if (method !== DEFLATED || packed.length === 0 || most <= 0) return undefined;
    try {
      const content = inflateRawSync(packed, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: most });
      this.#budget.unpacked -= content.length;
      return content;
    } catch (error) {
      this.#budget.unpacked -= most; // so that many bombs cost no more than one
      if (error instanceof Error && 'code' in error) return undefined;
      throw error;
    }
  }
}

const wordAt = (b: Uint8Array, at: number): number =>
  (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;

/** Length of a header as far as it is known. */
const neededOf = (b: Uint8Array): number =>
  b.length < HEADER_LENGTH
    ? HEADER_LENGTH
    : HEADER_LENGTH + (b[26]! | (b[27]! << 8)) + (b[28]! | (b[29]! << 8));

/** Keeps as much as there is room for. */
function keep(content: FileContent, bytes: Uint8Array, most: number): void {
  const room = most - content.view.length;
  if (room > 0) content.add(bytes.subarray(0, room));
}

function readHeader(bytes: Uint8Array): Header | undefined {
  const reader = new Reader(bytes, 6);
  const flags = reader.u16le();
  const method = reader.u16le();
  const packed = wordAt(bytes, 18);
  const size = wordAt(bytes, 22);
  const nameEnd = HEADER_LENGTH + (bytes[26]! | (bytes[27]! << 8));
  const name = fieldText(bytes, HEADER_LENGTH, Math.min(nameEnd, HEADER_LENGTH + MAX_TEXT));
  const isEncrypted = (flags & ENCRYPTED) !== 0;
  if ((flags & HAS_DESCRIPTOR) !== 0 && packed === 0)
    return { name, method, isEncrypted, packed: undefined, size: undefined };
  if (packed !== UNKNOWN_32 && size !== UNKNOWN_32) return { name, method, isEncrypted, packed, size };
  const sizes = longSizes(bytes, nameEnd);
  return sizes && { name, method, isEncrypted, ...sizes };
}

/** Sizes of 64 bits, from among the extra fields. §4.5.3. */
function longSizes(bytes: Uint8Array, from: number): { packed: number; size: number } | undefined {
  for (let at = from; at + 4 <= bytes.length; ) {
    const id = bytes[at]! | (bytes[at + 1]! << 8);
    const length = bytes[at + 2]! | (bytes[at + 3]! << 8);
    if (id === ZIP64 && length >= 16 && at + 20 <= bytes.length) {
      const size = wordAt(bytes, at + 4) + wordAt(bytes, at + 8) * 0x1_0000_0000;
      const packed = wordAt(bytes, at + 12) + wordAt(bytes, at + 16) * 0x1_0000_0000;
      return Number.isSafeInteger(size) && Number.isSafeInteger(packed) ? { packed, size } : undefined;
    }
    at += 4 + length;
  }
  return undefined;
}

const LONGEST_DESCRIPTOR = 28;
const LETTER_P = 0x50;
const LETTER_K = 0x4b;

/** Where a member ends whose descriptor names just as many bytes as stand before it; -1 if that has not come. */
function findEnd(b: Uint8Array, from: number): number {
  for (let at = from; at + 12 <= b.length; at++) {
    if (b[at] !== LETTER_P || b[at + 1] !== LETTER_K) continue;
    const word = wordAt(b, at);
    if (word === DESCRIPTOR && wordAt(b, at + 8) === at) return at;
    const isHeader = word === LOCAL_HEADER || word === DIRECTORY_HEADER;
    if (isHeader && at >= 12 && wordAt(b, at - 8) === at - 12) return at - 12;
  }
  return -1;
}
