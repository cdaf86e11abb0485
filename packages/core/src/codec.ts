/**
 * Records as ClickHouse RowBinary and back: the one encoding of spool, bus and lake.
 *
 * Times and intervals are integer µs; addresses 16 bytes; optional numbers are nullable; unset strings and lists are
 * empty, unset addresses `::`. The functions are compiled per record kind, as an interpreter over the field list costs
 * three times as much.
 */
import { formatAddress, formatV4, isMappedV4, parseAddress, writeMappedV4 } from './address.ts';
import type { LogRecord } from './records/index.ts';
import type { Field, RecordDeclaration } from './schema.ts';

const UNSET_ADDRESS = new Uint8Array(16);
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

/** A growing buffer of RowBinary values. */
export class RowWriter {
  bytes: Uint8Array;
  at = 0;
  #view: DataView;
  readonly #addresses = new Map<string, Uint8Array>();

  constructor(capacity = 65_536) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** What was written so far, without a copy; the next write after `reset` overwrites it. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  reset(): void {
    this.at = 0;
  }

  reserve(n: number): void {
    if (this.at + n <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + n));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  u8(v: number): void {
    this.reserve(1);
    this.bytes[this.at++] = v;
  }

  u16(v: number): void {
    this.reserve(2);
    this.bytes[this.at++] = v;
    this.bytes[this.at++] = v >> 8;
  }

  i32(v: number): void {
    this.reserve(4);
    this.#view.setInt32(this.at, v, true);
    this.at += 4;
  }

  u32(v: number): void {
    this.reserve(4);
    this.#view.setUint32(this.at, v, true);
    this.at += 4;
  }

  /** A 64-bit integer from a number without fraction; also negative ones. */
  i64(v: number): void {
    this.reserve(8);
    const high = Math.floor(v / 4_294_967_296);
    this.#view.setUint32(this.at, v - high * 4_294_967_296, true);
    this.#view.setInt32(this.at + 4, high, true);
    this.at += 8;
  }

  f64(v: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.at, v, true);
    this.at += 8;
  }

  varint(v: number): void {
    let rest = v;
    this.reserve(6);
    while (rest > 127) {
      this.bytes[this.at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  string(v: string): void {
    const n = v.length;
    if (n < 128) {
      this.reserve(n + 1);
      const { bytes } = this;
      const start = this.at;
      bytes[start] = n;
      let i = 0;
      for (; i < n; i++) {
        const c = v.charCodeAt(i);
        if (c > 127) break;
        bytes[start + 1 + i] = c;
      }
      if (i === n) {
        this.at = start + 1 + n;
        return;
      }
    }
    const encoded = textEncoder.encode(v);
    this.varint(encoded.length);
    this.raw(encoded);
  }

  /** 16 bytes of an address given as text; `::` for none. */
  addr(v: string | undefined): void {
    this.reserve(16);
    const { bytes, at } = this;
    this.at += 16;
    // Reading a dotted quad afresh costs a third of looking it up among many thousands.
    if (v && writeMappedV4(v, bytes, at)) return;
    bytes.set(v ? this.#addressOf(v) : UNSET_ADDRESS, at);
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  strings(list: readonly string[] | undefined): void {
    this.varint(list?.length ?? 0);
    if (list) for (const item of list) this.string(item);
  }

  /** Intervals in ms as an array of 64-bit µs. */
  intervals(list: readonly number[] | undefined): void {
    this.varint(list?.length ?? 0);
    if (list) for (const item of list) this.i64(Math.round(item * 1000));
  }

  #addressOf(text: string): Uint8Array {
    const known = this.#addresses.get(text);
    if (known) return known;
    const bytes = parseAddress(text) ?? UNSET_ADDRESS;
    if (this.#addresses.size >= 32_768) this.#addresses.clear();
    this.#addresses.set(text, bytes);
    return bytes;
  }
}

/** Reads what RowWriter wrote. Bytes that end too early set `bad`. */
export class RowReader {
  readonly bytes: Uint8Array;
  at = 0;
  bad = false;
  readonly #view: DataView;
  readonly #v4 = new Map<number, string>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #has(n: number): boolean {
    if (this.at + n <= this.bytes.length) return true;
    this.bad = true;
    return false;
  }

  u8(): number {
    return this.#has(1) ? this.bytes[this.at++]! : 0;
  }

  u16(): number {
    if (!this.#has(2)) return 0;
    this.at += 2;
    return this.#view.getUint16(this.at - 2, true);
  }

  i64(): number {
    if (!this.#has(8)) return 0;
    this.at += 8;
    return this.#view.getInt32(this.at - 4, true) * 4_294_967_296 + this.#view.getUint32(this.at - 8, true);
  }

  f64(): number {
    if (!this.#has(8)) return 0;
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const b = this.u8();
      value += (b & 127) * 2 ** shift;
      if (b < 128) return value;
    }
    this.bad = true;
    return 0;
  }

  string(): string {
    const n = this.varint();
    if (n === 0 || !this.#has(n)) return '';
    const { bytes, at } = this;
    this.at += n;
    if (n > 64) return textDecoder.decode(bytes.subarray(at, at + n));
    let text = '';
    for (let i = at; i < at + n; i++) {
      const c = bytes[i]!;
      if (c > 127) return textDecoder.decode(bytes.subarray(at, at + n));
      text += String.fromCharCode(c);
    }
    return text;
  }

  addr(): string {
    if (!this.#has(16)) return '';
    const { bytes, at } = this;
    this.at += 16;
    if (!isMappedV4(bytes, at)) return formatAddress(bytes, at);
    const number = this.#view.getUint32(at + 12);
    const known = this.#v4.get(number);
    if (known !== undefined) return known;
    const text = formatV4(bytes, at + 12);
    if (this.#v4.size >= 16_384) this.#v4.clear();
    this.#v4.set(number, text);
    return text;
  }

  strings(): string[] {
    const n = this.varint();
    const list: string[] = [];
    for (let i = 0; i < n && !this.bad; i++) list.push(this.string());
    return list;
  }

  intervals(): number[] {
    const n = this.varint();
    const list: number[] = [];
    for (let i = 0; i < n && !this.bad; i++) list.push(this.i64() / 1000);
    return list;
  }
}

const NULLABLE = new Set(['time', 'interval', 'port', 'count', 'double', 'bool']);

function encodeExpression(name: string, field: Field): string {
  const v = `r[${JSON.stringify(name)}]`;
  const value = {
    time: `w.i64(Math.round(${v} * 1000));`,
    interval: `w.i64(Math.round(${v} * 1000));`,
    string: `w.string(${v});`,
    category: `w.string(${v});`,
    addr: `w.addr(${v});`,
    port: `w.u16(${v});`,
    count: `w.i64(${v});`,
    double: `w.f64(${v});`,
    bool: `w.u8(${v} ? 1 : 0);`,
    strings: `w.strings(${v});`,
    intervals: `w.intervals(${v});`,
  }[field.type];
  if (!field.optional) return value;
  if (NULLABLE.has(field.type)) return `if (${v} === undefined) w.u8(1); else { w.u8(0); ${value} }`;
  return field.type === 'string' || field.type === 'category' ? `w.string(${v} ?? '');` : value;
}

function decodeExpression(name: string, field: Field): string {
  const value = {
    time: 'r.i64() / 1000',
    interval: 'r.i64() / 1000',
    string: 'r.string()',
    category: 'r.string()',
    addr: 'r.addr()',
    port: 'r.u16()',
    count: 'r.i64()',
    double: 'r.f64()',
    bool: 'r.u8() === 1',
    strings: 'r.strings()',
    intervals: 'r.intervals()',
  }[field.type];
  const key = JSON.stringify(name);
  if (!field.optional) return `o[${key}] = ${value};`;
  if (NULLABLE.has(field.type)) return `if (r.u8() === 0) o[${key}] = ${value};`;
  const isList = field.type === 'strings' || field.type === 'intervals';
  const unset = isList ? 'v.length === 0' : field.type === 'addr' ? "v === '::'" : "v === ''";
  return `{ const v = ${value}; if (!(${unset})) o[${key}] = v; }`;
}

type Encode = (w: RowWriter, r: LogRecord) => void;
type Decode = (r: RowReader) => LogRecord;

const encoders = new Map<string, Encode>();
const decoders = new Map<string, Decode>();

/** The compiled encoder of a record kind: appends one row. */
export function encoderOf(declaration: RecordDeclaration): Encode {
  const known = encoders.get(declaration.kind);
  if (known) return known;
  const body = Object.entries(declaration.fields).map(([name, field]) => encodeExpression(name, field));
  const encode = new Function('w', 'r', body.join('\n')) as Encode;
  encoders.set(declaration.kind, encode);
  return encode;
}

/**
 * The compiled decoder of a record kind: reads one row. `columns` is how many columns the writer knew (columns are
 * only ever appended), so that blocks of an older version can be read.
 */
export function decoderOf(declaration: RecordDeclaration, columns = columnCount(declaration)): Decode {
  const key = `${declaration.kind}/${columns}`;
  const known = decoders.get(key);
  if (known) return known;
  const body = Object.entries(declaration.fields)
    .slice(0, columns)
    .map(([name, field]) => decodeExpression(name, field));
  const source = `const o = { kind: ${JSON.stringify(declaration.kind)} };\n${body.join('\n')}\nreturn o;`;
  const decode = new Function('r', source) as Decode;
  decoders.set(key, decode);
  return decode;
}

export const columnCount = (declaration: RecordDeclaration): number => Object.keys(declaration.fields).length;

/** The ClickHouse type of a field, without codec and index hints. */
export function lakeType(field: Field): string {
  const type = {
    time: "DateTime64(6, 'UTC')",
    interval: 'Int64',
    string: 'String',
    category: 'LowCardinality(String)',
    addr: 'IPv6',
    port: 'UInt16',
    count: 'UInt64',
    double: 'Float64',
    bool: 'Bool',
    strings: 'Array(String)',
    intervals: 'Array(Int64)',
  }[field.type];
  return field.optional && NULLABLE.has(field.type) ? `Nullable(${type})` : type;
}

/** What the master knows about a row beyond what the sensor saw; appended to its bytes for the lake. */
export interface Enrichment {
  /** Device at the originator's end, 0 = external. */
  source_did: number;
  /** Device at the responder's end, 0 = external. */
  dest_did: number;
  /** ISO 3166 code of the external end, empty if there is none. */
  country: string;
  /** Autonomous system of the external end, 0 if unknown. */
  asn: number;
}

/** Columns that follow the declared ones in every lake table, with their ClickHouse types. */
export const ENRICHMENT_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['source_did', 'Int32'],
  ['dest_did', 'Int32'],
  ['country', 'LowCardinality(String)'],
  ['asn', 'UInt32'],
  ['stored', 'Date'],
];

/** Appends the enrichment columns of one row; `storedDay` is days since the epoch. */
export function writeEnrichment(w: RowWriter, e: Enrichment, storedDay: number): void {
  w.i32(e.source_did);
  w.i32(e.dest_did);
  w.string(e.country);
  w.u32(e.asn);
  w.u16(storedDay);
}
