/** The newest records that match, and how many there are. */
import { decoderOf, ENRICHMENT_COLUMNS, type RecordKind, RowReader, ThymusError } from '@thymus/core';
import type { Hit, SearchRequest } from '../lake.ts';
import { columnsOf, declared } from '../schema/tables.ts';
import { fromSql, type Plan, type Source, unionOf } from './plan.ts';

export const DEFAULT_SIZE = 50;
export const MAX_SIZE = 10_000;
/** How deep a search can be leafed through; beyond, narrow the time range. */
export const MAX_DEPTH = 100_000;
const MS_PER_DAY = 86_400_000;

/** Offset and size of a request. Throws BAD_INPUT where they are out of bounds. */
export function pageOf({ offset = 0, size = DEFAULT_SIZE }: SearchRequest): { offset: number; size: number } {
  if (!Number.isInteger(size) || size < 0 || size > MAX_SIZE) {
    throw new ThymusError('BAD_INPUT', `size must be a whole number up to ${MAX_SIZE}.`);
  }
  if (!Number.isInteger(offset) || offset < 0 || offset + size > MAX_DEPTH) {
    throw new ThymusError('BAD_INPUT', `offset and size together must not pass ${MAX_DEPTH}.`);
  }
  return { offset, size };
}

/**
 * Rows travel as the bytes they were stored from, one string per row, so that records of all kinds fit into one answer
 * and come back exactly. Each table is read backwards in time and stops early.
 */
export function hitsSql({ sources }: Plan, offset: number, size: number): string {
  const depth = offset + size;
  return [
    'SELECT kind, row FROM (',
    unionOf(sources, (source) => newestOf(source, depth)),
    `) ORDER BY ts DESC, kind, id LIMIT ${size} OFFSET ${offset}`,
  ].join('\n');
}

function newestOf(source: Source, depth: number): string {
  const { kind } = source;
  const columns = columnsOf(kind).map((c) => `\`${c.name}\``);
  const id = columns.includes('`uid`') ? 'uid' : "''";
  return [
    `SELECT '${kind}' AS kind, ts, ${id} AS id, formatRow('RowBinary', ${columns.join(', ')}) AS row`,
    `${fromSql(source)} ORDER BY ts DESC LIMIT ${depth}`,
  ].join(' ');
}

/** The records of an answer in RowBinary. */
export function readHits(bytes: Uint8Array): Hit[] {
  const reader = new RowReader(bytes);
  const hits: Hit[] = [];
  while (reader.at < bytes.length && !reader.bad) {
    const kind = reader.string() as RecordKind;
    const length = reader.varint();
    const row = new RowReader(bytes.subarray(reader.at, reader.at + length));
    reader.at += length;
    hits.push(readHit(kind, row));
  }
  return hits;
}

function readHit(kind: RecordKind, row: RowReader): Hit {
  const hit = decoderOf(declared(kind))(row) as Hit;
  for (const [name, type] of ENRICHMENT_COLUMNS) {
    if (type === 'Date') hit[name] = row.u16() * MS_PER_DAY;
    else if (type.includes('String')) hit[name] = row.string();
    else {
      const bits = row.u16() | (row.u16() << 16);
      hit[name] = type === 'Int32' ? bits : bits >>> 0;
    }
  }
  return hit;
}
