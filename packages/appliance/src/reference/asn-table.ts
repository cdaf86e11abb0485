/**
 * Which autonomous system an address belongs to: ranges from CSV files, in typed arrays, kept as one binary file.
 *
 * The CSV has first address, last address, number, name (names quoted as in RFC 4180), ascending. IPv6 is told apart
 * down to /64, which 99.8 % of the published ranges respect.
 */
import { isMappedV4, parseAddress } from '@thymus/core';

export interface Asn {
  asn: number;
  name: string;
}

const UNKNOWN: Asn = { asn: 0, name: '' };
const MAGIC = 'thymus-asn-1';
const decoder = new TextDecoder();

interface Header {
  magic: string;
  /** Says which files the table was made from. */
  origin: string;
  v4: number;
  v6: number;
  systems: number;
  names: number;
}

/** The arrays, in the order in which the binary file has them: those of 8 bytes first, so that all are aligned. */
interface Arrays {
  start6: BigUint64Array;
  end6: BigUint64Array;
  start4: Uint32Array;
  end4: Uint32Array;
  /** Index of the system, for IPv4 and IPv6 ranges. */
  system4: Uint32Array;
  system6: Uint32Array;
  asn: Uint32Array;
  /** Where each name ends in `names`. */
  nameEnd: Uint32Array;
  names: Uint8Array;
}

/** Index of the last start that is not above `key`, or -1. */
function lastAtOrBelow<T extends number | bigint>(starts: ArrayLike<T>, key: T): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class AsnTable {
  readonly #a: Arrays;
  readonly #known = new Map<string, Asn>();

  private constructor(arrays: Arrays) {
    this.#a = arrays;
  }

  /** Reads CSV texts; lines that are none are left out. */
  static parse(texts: readonly string[]): AsnTable {
    const builder = new Builder();
    for (const text of texts) builder.add(text);
    return new AsnTable(builder.arrays());
  }

  /** The table in a binary file, or undefined if it is damaged or was made from something else. */
  static unpack(bytes: Uint8Array, origin: string): AsnTable | undefined {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = view.length < 4 ? 0 : view.readUInt32LE(0);
    if (size < 2 || size > 4096) return undefined;
    let header: Header;
    try {
      header = JSON.parse(view.toString('utf8', 4, 4 + size)) as Header;
    } catch {
      return undefined;
    }
    const { v4, v6, systems, names } = header;
    const body = new Uint8Array(bytes.subarray(4 + size)); // a copy of its own, as the arrays must be aligned
    if (header.magic !== MAGIC || header.origin !== origin) return undefined;
    if (body.length !== v6 * 20 + v4 * 12 + systems * 8 + names) return undefined;
    let at = 0;
    const take = (count: number, width: number): [ArrayBuffer, number, number] => {
      at += count * width;
      return [body.buffer, at - count * width, count];
    };
    return new AsnTable({
      start6: new BigUint64Array(...take(v6, 8)),
      end6: new BigUint64Array(...take(v6, 8)),
      start4: new Uint32Array(...take(v4, 4)),
      end4: new Uint32Array(...take(v4, 4)),
      system4: new Uint32Array(...take(v4, 4)),
      system6: new Uint32Array(...take(v6, 4)),
      asn: new Uint32Array(...take(systems, 4)),
      nameEnd: new Uint32Array(...take(systems, 4)),
      names: new Uint8Array(...take(names, 1)),
    });
  }

  /** The table as one piece of bytes. */
  pack(origin: string): Uint8Array {
    const a = this.#a;
    const header: Header = {
      magic: MAGIC,
      origin,
      v4: a.start4.length,
      v6: a.start6.length,
      systems: a.asn.length,
      names: a.names.length,
    };
    const text = Buffer.from(JSON.stringify(header));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(text.length);
    const arrays = [a.start6, a.end6, a.start4, a.end4, a.system4, a.system6, a.asn, a.nameEnd, a.names].map(
      (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength),
    );
    return Buffer.concat([size, text, ...arrays]);
  }

  get ranges(): number {
    return this.#a.start4.length + this.#a.start6.length;
  }

  /** System of an address given as text; number 0 if it is unknown or no address. */
  lookup(ip: string): Asn {
    const known = this.#known.get(ip);
    if (known) return known;
    const found = this.#find(ip);
    if (this.#known.size >= 65_536) this.#known.clear();
    this.#known.set(ip, found);
    return found;
  }

  #find(ip: string): Asn {
    const bytes = parseAddress(ip);
    if (!bytes) return UNKNOWN;
    const key = keyOf(bytes, !isMappedV4(bytes));
    const { start4, end4, system4, start6, end6, system6 } = this.#a;
    if (typeof key === 'number') {
      const at = lastAtOrBelow(start4, key);
      return at >= 0 && end4[at]! >= key ? this.#system(system4[at]!) : UNKNOWN;
    }
    const at = lastAtOrBelow(start6, key);
    return at >= 0 && end6[at]! >= key ? this.#system(system6[at]!) : UNKNOWN;
  }

  #system(index: number): Asn {
    const { asn, nameEnd, names } = this.#a;
    const from = index === 0 ? 0 : nameEnd[index - 1]!;
    return { asn: asn[index]!, name: decoder.decode(names.subarray(from, nameEnd[index])) };
  }
}

const LINE = /^([^,]+),([^,]+),(\d+),(?:"((?:[^"]|"")*)"|(.*))$/;

const keyOf = (bytes: Uint8Array, v6: boolean): number | bigint => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return v6 ? view.getBigUint64(0) : view.getUint32(12);
};

/** An address, dotted or as one number, as the key that the arrays have; undefined if it is none. */
function keyOfText(text: string): number | bigint | undefined {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    return number <= 0xffff_ffff ? number : BigInt(text) >> 64n;
  }
  const bytes = parseAddress(text);
  return bytes && keyOf(bytes, !isMappedV4(bytes));
}

class Ranges<T extends number | bigint> {
  readonly starts: T[] = [];
  readonly ends: T[] = [];
  readonly systems: number[] = [];

  /** Files are ascending; a range that is not would break the search and is left out. */
  add(start: T, end: T, system: number): void {
    const last = this.ends.at(-1);
    if (end < start || (last !== undefined && start <= last)) return;
    this.starts.push(start);
    this.ends.push(end);
    this.systems.push(system);
  }
}

class Builder {
  readonly #v4 = new Ranges<number>();
  readonly #v6 = new Ranges<bigint>();
  readonly #systems = new Map<string, number>();
  readonly #asn: number[] = [];
  readonly #names: string[] = [];

  add(text: string): void {
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf('\n', from);
      const to = newline < 0 ? text.length : newline;
      this.#addLine(text.slice(from, to).trimEnd());
      from = to + 1;
    }
  }

  #addLine(line: string): void {
    const match = LINE.exec(line);
    if (!match) return;
    const [start, end] = [keyOfText(match[1]!), keyOfText(match[2]!)];
    const name = match[4]?.replaceAll('""', '"') ?? match[5] ?? '';
    if (typeof start === 'number' && typeof end === 'number') {
      this.#v4.add(start, end, this.#systemOf(Number(match[3]), name));
    } else if (typeof start === 'bigint' && typeof end === 'bigint') {
      this.#v6.add(start, end, this.#systemOf(Number(match[3]), name));
    }
  }

  #systemOf(asn: number, name: string): number {
    const key = `${asn} ${name}`;
    const known = this.#systems.get(key);
    if (known !== undefined) return known;
    const index = this.#asn.push(asn) - 1;
    this.#names.push(name);
    this.#systems.set(key, index);
    return index;
  }

  arrays(): Arrays {
    const encoder = new TextEncoder();
    const names = this.#names.map((name) => encoder.encode(name));
    const nameEnd = new Uint32Array(names.length);
    for (let i = 0, end = 0; i < names.length; i++) {
      end += names[i]!.length;
      nameEnd[i] = end;
    }
    return {
      start6: BigUint64Array.from(this.#v6.starts),
      end6: BigUint64Array.from(this.#v6.ends),
      start4: Uint32Array.from(this.#v4.starts),
      end4: Uint32Array.from(this.#v4.ends),
      system4: Uint32Array.from(this.#v4.systems),
      system6: Uint32Array.from(this.#v6.systems),
      asn: Uint32Array.from(this.#asn),
      nameEnd,
      names: Buffer.concat(names),
    };
  }
}
