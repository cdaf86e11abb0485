/** From rows to columns: RowBinary as ClickHouse's Native format, which the engine takes in for half the work. */
import { columnOf, leastBytes } from './native-columns.ts';

export interface ColumnType {
  name: string;
  /** ClickHouse's name of the type. */
  type: string;
}

/** Rows of one Native block; more would only need more memory. */
const BLOCK_ROWS = 131_072;

/** The same rows in Native; undefined where a type is not known here, or where the bytes are no such rows. */
export function toNative(rows: Uint8Array, columns: readonly ColumnType[]): Uint8Array | undefined {
  let least = 0;
  for (const { type } of columns) {
    const bytes = leastBytes(type);
    if (bytes === undefined) return undefined;
    least += bytes;
  }
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < rows.length; ) {
    const end = addBlock(blocks, rows, at, columns, least);
    if (end === undefined) return undefined;
    at = end;
  }
  return Buffer.concat(blocks);
}

/** Adds one block from `start` on; returns where it ends, or undefined for bytes that are no rows. */
function addBlock(
  blocks: Uint8Array[],
  rows: Uint8Array,
  start: number,
  types: readonly ColumnType[],
  least: number,
): number | undefined {
  const room = Math.min(BLOCK_ROWS, Math.ceil((rows.length - start) / least));
  const columns = types.map(({ type }) => columnOf(type, room));
  let at = start;
  let count = 0;
  for (; count < room && at < rows.length; count++) {
    for (let c = 0; c < columns.length; c++) at = columns[c]!.take(rows, at);
  }
  if (at > rows.length) return undefined;
  blocks.push(varint(types.length), varint(count));
  for (const [c, { name, type }] of types.entries()) {
    blocks.push(text(name), text(type), ...columns[c]!.parts());
  }
  return at;
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
