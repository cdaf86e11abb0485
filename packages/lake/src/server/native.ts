/** From rows to columns: RowBinary as ClickHouse's Native format, which the engine takes in for half the work. */
import { columnOf, leastBytes, type NativeColumn, type Rows } from './native-columns.ts';

export interface ColumnType {
  name: string;
  /** ClickHouse's name of the type. */
  type: string;
}

/** Rows of one Native block; more would only need more memory. */
const BLOCK_ROWS = 131_072;

/** The same rows in Native; undefined where a type is not known here, or where the bytes are no such rows. */
export function toNative(bytes: Uint8Array, columns: readonly ColumnType[]): Uint8Array | undefined {
  let least = 0;
  for (const { type } of columns) {
    const size = leastBytes(type);
    if (size === undefined) return undefined;
    least += size;
  }
  const rows = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    at = addBlock(blocks, rows, at, columns, Math.min(BLOCK_ROWS, Math.ceil((bytes.length - at) / least)));
    if (at > bytes.length) return undefined;
  }
  return Buffer.concat(blocks);
}

/** Adds one block of up to `room` rows from `start` on; returns where it ends. */
function addBlock(
  blocks: Uint8Array[],
  rows: Rows,
  start: number,
  types: readonly ColumnType[],
  room: number,
): number {
  const columns = types.map(({ type }) => columnOf(type, room));
  const { end, count } = takerOf(columns, types.map(({ type }) => type).join())(columns, rows, start, room);
  blocks.push(varint(types.length), varint(count));
  for (const [c, { name, type }] of types.entries()) {
    blocks.push(text(name), text(type), ...columns[c]!.parts());
  }
  return end;
}

type Taker = (
  columns: readonly NativeColumn[],
  rows: Rows,
  start: number,
  room: number,
) => { end: number; count: number };

const takers = new Map<string, Taker>();

/**
 * Takes rows into columns. Compiled per table, so that each call meets one sort of column only: a loop over the columns
 * costs twice as much.
 */
function takerOf(columns: readonly NativeColumn[], key: string): Taker {
  const known = takers.get(key);
  if (known) return known;
  const names = columns.map((_, c) => `c${c}`);
  const taker = new Function(
    'columns',
    'rows',
    'start',
    'room',
    `const [${names.join(', ')}] = columns;
     const size = rows.bytes.length;
     let end = start, count = 0;
     for (; count < room && end < size; count++) {
       ${names.map((name) => `end = ${name}.take(rows, end);`).join('\n')}
     }
     return { end, count };`,
  ) as Taker;
  takers.set(key, taker);
  return taker;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Uint8Array.of(...bytes, rest);
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}
