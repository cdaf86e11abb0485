/**
 * Columns of ClickHouse's Native format, filled value by value from RowBinary. Reading past the end of the bytes gives
 * a place behind it, never a throw.
 */

/** Rows in RowBinary, seen as bytes and as words. */
export interface Rows {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export interface NativeColumn {
  /** Takes the value of one row; returns where the next value begins. */
  take(rows: Rows, at: number): number;
  /** The values in the engine's form. */
  parts(): Uint8Array[];
}

/** Fewest bytes that a value takes in RowBinary; undefined for types that are not made here. */
export function leastBytes(type: string): number | undefined {
  const nullable = /^Nullable\((.+)\)$/.exec(type)?.[1];
  if (nullable !== undefined) return SIZES.has(plain(nullable)) ? 1 : undefined;
  if (/^(String|LowCardinality\(String\)|Array\((String|Int64)\))$/.test(type)) return 1;
  return SIZES.get(plain(type));
}

const SIZES: ReadonlyMap<string, number> = new Map([
  ['Bool', 1],
  ['UInt16', 2],
  ['Date', 2],
  ['Int32', 4],
  ['UInt32', 4],
  ['Int64', 8],
  ['UInt64', 8],
  ['Float64', 8],
  ['DateTime64', 8],
  ['IPv6', 16],
]);

const plain = (type: string): string => type.replace(/\(.*$/, '');

/** An empty column for up to `rows` values of a type that `leastBytes` knows. */
export function columnOf(type: string, rows: number): NativeColumn {
  const nullable = /^Nullable\((.+)\)$/.exec(type)?.[1];
  if (nullable !== undefined) return new NullableColumn(SIZES.get(plain(nullable))!, rows);
  if (type === 'String') return new StringColumn(rows);
  if (type === 'LowCardinality(String)') return new CategoryColumn(rows);
  if (type === 'Array(String)') return new ListColumn(new StringColumn(rows), rows);
  if (type === 'Array(Int64)') return new ListColumn(new IntervalColumn(), rows);
  return new FixedColumn(SIZES.get(plain(type))!, rows);
}

/** Numbers and addresses of one size, a word of four bytes at a time where that fits. */
class FixedColumn implements NativeColumn {
  readonly #size: number;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  #end = 0;

  constructor(size: number, rows: number) {
    this.#size = size;
    this.#words = new Uint32Array(Math.ceil((size * rows) / 4));
    this.#bytes = bytesOf(this.#words);
  }

  take({ bytes, view }: Rows, at: number): number {
    const end = at + this.#size;
    if (end > bytes.length) return end;
    if (this.#size >= 4) {
      let word = this.#end >> 2;
      for (let i = at; i < end; i += 4) this.#words[word++] = view.getUint32(i, true);
    } else for (let i = at, to = this.#end; i < end; i++) this.#bytes[to++] = bytes[i]!;
    this.#end += this.#size;
    return end;
  }

  /** Leaves a zero. */
  skip(): void {
    this.#end += this.#size;
  }

  parts(): Uint8Array[] {
    return [this.#bytes.subarray(0, this.#end)];
  }
}

class NullableColumn implements NativeColumn {
  readonly #values: FixedColumn;
  readonly #unset: Uint8Array;
  #rows = 0;

  constructor(size: number, rows: number) {
    this.#values = new FixedColumn(size, rows);
    this.#unset = new Uint8Array(rows);
  }

  take(rows: Rows, at: number): number {
    const row = this.#rows++;
    if (rows.bytes[at] === 0) return this.#values.take(rows, at + 1);
    this.#unset[row] = 1;
    this.#values.skip();
    return at + 1;
  }

  parts(): Uint8Array[] {
    return [this.#unset.subarray(0, this.#rows), ...this.#values.parts()];
  }
}

/** Bytes that grow. */
class Pile {
  bytes: Uint8Array;
  end = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  add(from: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.end + size > this.bytes.length) this.#grow(size);
    const { bytes } = this;
    if (size > 48) bytes.set(from.subarray(start, end), this.end);
    else for (let i = start, to = this.end; i < end; i++) bytes[to++] = from[i]!;
    this.end += size;
  }

  #grow(size: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.end + size));
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
  }

  get written(): Uint8Array {
    return this.bytes.subarray(0, this.end);
  }
}

/** Reads lengths: the number, and where it ended. */
class Length {
  value = 0;

  /** Returns where the number ends; one that cannot be is as long as everything. */
  read(bytes: Uint8Array, at: number): number {
    const first = bytes[at]!;
    this.value = first;
    if (first < 128) return at + 1;
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const b = bytes[at + i]!;
      value += (b & 127) * 2 ** (7 * i);
      if (b < 128) {
        this.value = value;
        return at + i + 1;
      }
    }
    this.value = bytes.length;
    return at + 5;
  }
}

const length = new Length();

/** Texts stand in both formats as their length and their bytes. */
class StringColumn implements NativeColumn {
  readonly #pile: Pile;

  constructor(rows: number) {
    this.#pile = new Pile(rows * 8);
  }

  take({ bytes }: Rows, at: number): number {
    const end = length.read(bytes, at) + length.value;
    if (end <= bytes.length) this.#pile.add(bytes, at, end);
    return end;
  }

  parts(): Uint8Array[] {
    return [this.#pile.written];
  }
}

class IntervalColumn implements NativeColumn {
  readonly #pile = new Pile(64);

  take({ bytes }: Rows, at: number): number {
    if (at + 8 <= bytes.length) this.#pile.add(bytes, at, at + 8);
    return at + 8;
  }

  parts(): Uint8Array[] {
    return [this.#pile.written];
  }
}

class ListColumn implements NativeColumn {
  readonly #items: NativeColumn;
  readonly #ends: BigUint64Array;
  #rows = 0;
  #count = 0;

  constructor(items: NativeColumn, rows: number) {
    this.#items = items;
    this.#ends = new BigUint64Array(rows);
  }

  take(rows: Rows, at: number): number {
    let next = length.read(rows.bytes, at);
    const count = length.value;
    for (let i = 0; i < count && next <= rows.bytes.length; i++) next = this.#items.take(rows, next);
    this.#count += count;
    this.#ends[this.#rows++] = BigInt(this.#count);
    return next;
  }

  parts(): Uint8Array[] {
    return [bytesOf(this.#ends.subarray(0, this.#rows)), ...this.#items.parts()];
  }
}

/** Keys of their own, no shared dictionary; the low byte says how wide the indexes are. */
const KEYS_INSIDE = 0x600n;
const FREE = 0;

/** Texts that repeat: each once, and per row which one. */
class CategoryColumn implements NativeColumn {
  readonly #keys = new Pile(256);
  readonly #indexes: Uint32Array;
  #rows = 0;
  /** Where each key begins in the pile, and where the last one ends. */
  #starts = [0];
  /** Open addressing: the number of a key plus one. */
  #slots = new Uint32Array(64);
  #last = -1;

  constructor(rows: number) {
    this.#indexes = new Uint32Array(rows);
  }

  take({ bytes }: Rows, at: number): number {
    const end = length.read(bytes, at) + length.value;
    if (end > bytes.length) return end;
    if (this.#last < 0 || !this.#isKey(this.#last, bytes, at, end)) this.#last = this.#find(bytes, at, end);
    this.#indexes[this.#rows++] = this.#last;
    return end;
  }

  #isKey(key: number, bytes: Uint8Array, at: number, end: number): boolean {
    const start = this.#starts[key]!;
    if (this.#starts[key + 1]! - start !== end - at) return false;
    const { bytes: keys } = this.#keys;
    for (let i = at, k = start; i < end; i++, k++) if (keys[k] !== bytes[i]) return false;
    return true;
  }

  #find(bytes: Uint8Array, at: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes, at, end) & mask;
    for (let key = this.#slots[slot]!; key !== FREE; key = this.#slots[slot]!) {
      if (this.#isKey(key - 1, bytes, at, end)) return key - 1;
      slot = (slot + 1) & mask;
    }
    this.#keys.add(bytes, at, end);
    this.#starts.push(this.#keys.end);
    const count = this.#starts.length - 1;
    this.#slots[slot] = count;
    if (count * 2 > this.#slots.length) this.#widen();
    return count - 1;
  }

  #widen(): void {
    const slots = new Uint32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let key = 0; key + 1 < this.#starts.length; key++) {
      let slot = hashOf(this.#keys.bytes, this.#starts[key]!, this.#starts[key + 1]!) & mask;
      while (slots[slot] !== FREE) slot = (slot + 1) & mask;
      slots[slot] = key + 1;
    }
    this.#slots = slots;
  }

  parts(): Uint8Array[] {
    const count = this.#starts.length - 1;
    const indexes = this.#indexes.subarray(0, this.#rows);
    const [width, narrow] =
      count <= 256
        ? [0n, Uint8Array.from(indexes)]
        : count <= 65_536
          ? [1n, Uint16Array.from(indexes)]
          : [2n, indexes];
    return [
      bytesOf(BigUint64Array.of(1n, KEYS_INSIDE | width, BigInt(count))),
      this.#keys.written,
      bytesOf(BigUint64Array.of(BigInt(this.#rows))),
      bytesOf(narrow),
    ];
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, at: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = at; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
