/**
 * A detector's memory as bytes and back: a self-describing binary form of plain data (numbers, texts, lists, maps,
 * sets, objects, typed arrays). Maps keep their order, as tables evict in that order. Own format.
 */
import { RowReader, RowWriter, ThymusError } from '@thymus/core';

const MAGIC = 0x54_48_59_31; // "THY1"; the digit is the version of the layout.

const TAG = {
  absent: 0,
  no: 1,
  yes: 2,
  small: 3,
  number: 4,
  text: 5,
  list: 6,
  map: 7,
  set: 8,
  object: 9,
  floats: 10,
  bytes: 11,
  singles: 12,
} as const;

/** Deepest nesting that is read: the state itself needs 8. */
const MAX_DEPTH = 32;

class Encoder {
  readonly w = new RowWriter(1 << 20);
  readonly #texts = new Map<string, number>();

  value(v: unknown): void {
    if (v === undefined || v === null) this.w.u8(TAG.absent);
    else if (typeof v === 'number') this.#number(v);
    else if (typeof v === 'string') this.#tagged(TAG.text, v);
    else if (typeof v === 'boolean') this.w.u8(v ? TAG.yes : TAG.no);
    else this.#container(v);
  }

  #number(v: number): void {
    if (Number.isInteger(v) && v >= 0 && v < 0x7fffffff && !Object.is(v, -0)) {
      this.w.u8(TAG.small);
      this.w.varint(v);
    } else {
      this.w.u8(TAG.number);
      this.w.f64(v);
    }
  }

  #tagged(tag: number, text: string): void {
    this.w.u8(tag);
    this.#text(text);
  }

  /** A text that was written before is its number from 1; 0 announces a new one. */
  #text(text: string): void {
    const known = this.#texts.get(text);
    if (known !== undefined) {
      this.w.varint(known);
      return;
    }
    this.#texts.set(text, this.#texts.size + 1);
    this.w.varint(0);
    this.w.string(text);
  }

  #container(v: object): void {
    if (v instanceof Float64Array) {
      this.#sized(TAG.floats, v.length);
      for (const x of v) this.w.f64(x);
    } else if (v instanceof Float32Array) {
      this.#sized(TAG.singles, v.length);
      for (const x of v) this.w.f64(x);
    } else if (v instanceof Uint8Array) {
      this.#sized(TAG.bytes, v.length);
      this.w.raw(v);
    } else if (Array.isArray(v)) {
      this.#sized(TAG.list, v.length);
      for (const item of v) this.value(item);
    } else if (v instanceof Map) {
      this.#sized(TAG.map, v.size);
      for (const [key, item] of v) {
        this.value(key);
        this.value(item);
      }
    } else if (v instanceof Set) {
      this.#sized(TAG.set, v.size);
      for (const item of v) this.value(item);
    } else this.#object(v);
  }

  #object(v: object): void {
    const entries = Object.entries(v).filter(([, item]) => item !== undefined);
    this.#sized(TAG.object, entries.length);
    for (const [key, item] of entries) {
      this.#text(key);
      this.value(item);
    }
  }

  #sized(tag: number, size: number): void {
    this.w.u8(tag);
    this.w.varint(size);
  }
}

class Decoder {
  readonly r: RowReader;
  readonly #texts: string[] = [];

  constructor(bytes: Uint8Array) {
    this.r = new RowReader(bytes);
  }

  value(depth = 0): unknown {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
    const tag = this.r.u8();
    switch (tag) {
      case TAG.absent:
        return undefined;
      case TAG.no:
      case TAG.yes:
        return tag === TAG.yes;
      case TAG.small:
        return this.r.varint();
      case TAG.number:
        return this.r.f64();
      case TAG.text:
        return this.#text();
      default:
        return this.#container(tag, this.r.varint(), depth + 1);
    }
  }

  #text(): string {
    const known = this.r.varint();
    if (known > this.#texts.length) throw new RangeError('refers to a text that was not written');
    if (known > 0) return this.#texts[known - 1]!;
    const text = this.r.string();
    this.#texts.push(text);
    return text;
  }

  #container(tag: number, size: number, depth: number): unknown {
    switch (tag) {
      case TAG.floats:
        return Float64Array.from(this.#list(size, () => this.r.f64()));
      case TAG.singles:
        return Float32Array.from(this.#list(size, () => this.r.f64()));
      case TAG.bytes:
        return Uint8Array.from(this.#list(size, () => this.r.u8()));
      case TAG.list:
        return this.#list(size, () => this.value(depth));
      case TAG.map:
        return new Map(this.#list(size, () => [this.value(depth), this.value(depth)] as const));
      case TAG.set:
        return new Set(this.#list(size, () => this.value(depth)));
      case TAG.object:
        return Object.fromEntries(this.#list(size, () => [this.#text(), this.value(depth)] as const));
      default:
        throw new RangeError(`unknown tag ${tag}`);
    }
  }

  #list<T>(size: number, read: () => T): T[] {
    const list: T[] = [];
    for (let i = 0; i < size; i++) {
      list.push(read());
      if (this.r.bad) throw new RangeError('ends too early');
    }
    return list;
  }
}

/** Plain data as bytes. Values of a class other than Map, Set and the typed arrays above become plain objects. */
export function encodeState(state: unknown): Uint8Array {
  const encoder = new Encoder();
  encoder.w.u32(MAGIC);
  encoder.value(state);
  return encoder.w.written.slice();
}

/** The reverse of `encodeState`; bytes that are something else are refused with BAD_FILE. */
export function decodeState(bytes: Uint8Array): unknown {
  try {
    const decoder = new Decoder(bytes);
    for (let shift = 0; shift < 32; shift += 8) {
      if (decoder.r.u8() !== ((MAGIC >>> shift) & 255)) throw new RangeError('wrong first bytes');
    }
    return decoder.value();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ThymusError('BAD_FILE', `The saved state of the detector is damaged: ${cause.message}.`, {
      cause,
    });
  }
}
