/** The event lake as the rest of the product sees it. */
import type { RecordKind } from '@thymus/core';

/** Window over event time, ms since the epoch; `to` is exclusive. */
export interface TimeRange {
  from: number;
  to: number;
}

export interface SearchRequest extends Partial<TimeRange> {
  /** Text in the Advanced Search language; empty = everything. */
  query: string;
  offset?: number;
  /** 50 by default, at most 10,000. */
  size?: number;
}

/** One record as the lake has it: times in ms, intervals in ms, plus the enrichment columns. */
export type Hit = { kind: RecordKind; ts: number } & Record<string, unknown>;

export interface SearchReply {
  /** All matches; a lower bound where `totalIsExact` is false. */
  total: number;
  totalIsExact: boolean;
  /** Newest first. */
  hits: Hit[];
  took: number;
}

export interface Bucket {
  key: number;
  count: number;
}

export interface LakeFieldInfo {
  name: string;
  /** Names it can also be asked by. */
  aliases: string[];
  type: string;
  kinds: RecordKind[];
  doc: string;
}

export interface Lake {
  /**
   * Stores rows: RowBinary of `kind` with the enrichment columns. A repeated `token` adds nothing. When it returns, the
   * rows are on disk.
   */
  insert(kind: RecordKind, rows: Uint8Array, token: string): Promise<void>;
  search(request: SearchRequest): Promise<SearchReply>;
  /** Counts per step of `interval` ms over the range, empty buckets left out; split by kind on demand. */
  histogram(request: SearchRequest & TimeRange, interval: number): Promise<Bucket[]>;
  histogramByKind(
    request: SearchRequest & TimeRange,
    interval: number,
  ): Promise<(Bucket & { kind: RecordKind })[]>;
  /** Most frequent values of a field. */
  terms(request: SearchRequest, field: string, size: number): Promise<{ key: string; count: number }[]>;
  stats(
    request: SearchRequest,
    field: string,
  ): Promise<{ count: number; min: number; max: number; avg: number; sum: number }>;
  /** Sum of a numeric field, or count of rows with field undefined, per step of `interval` ms. */
  series(
    request: SearchRequest & TimeRange,
    interval: number,
    field?: string,
  ): Promise<{ key: number; value: number }[]>;
  /** How many records the range holds of each kind, and its first and last time. */
  extent(): Promise<{ kind: RecordKind; rows: number; from: number; to: number; bytes: number }[]>;
  fields(): LakeFieldInfo[];
  /** Removes everything stored before the day (retention); event time does not matter. */
  dropStoredBefore(kind: RecordKind, storedDay: number): Promise<void>;
  close(): Promise<void>;
}
