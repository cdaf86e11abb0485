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

export interface Stats {
  count: number;
  min: number;
  max: number;
  avg: number;
  sum: number;
}

export interface Trend {
  id: string;
  /** In the second half of the range. */
  count: number;
  /** In the first half. */
  start: number;
  /** `count - start`. */
  trend: number;
}

/** What a kind takes on disk of one day of storing. */
export interface Usage {
  kind: RecordKind;
  /** Days since the epoch. */
  storedDay: number;
  rows: number;
  bytes: number;
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
   * rows are on disk. `columns` says how many declared columns an older writer knew (`BlockHeader.columns`).
   */
  insert(kind: RecordKind, rows: Uint8Array, token: string, columns?: number): Promise<void>;
  search(request: SearchRequest): Promise<SearchReply>;
  /** How many records match; a lower bound where counting took too long. */
  count(request: SearchRequest): Promise<{ total: number; totalIsExact: boolean }>;
  /** Counts per step of `interval` ms over the range, empty buckets left out; split by kind on demand. */
  histogram(request: SearchRequest & TimeRange, interval: number): Promise<Bucket[]>;
  histogramByKind(
    request: SearchRequest & TimeRange,
    interval: number,
  ): Promise<(Bucket & { kind: RecordKind })[]>;
  /**
   * Most frequent values of a field ("score"): exact, unset values left out. Here and below times and intervals are in
   * ms, but in seconds for a field that is named as queries name it: `@fields.duration`.
   */
  terms(request: SearchRequest, field: string, size: number): Promise<{ key: string; count: number }[]>;
  /** Values whose frequency changed most between the first half of the range (`start`) and the second (`count`). */
  trend(request: SearchRequest & TimeRange, field: string, size: number): Promise<Trend[]>;
  /** Over the rows that have the field; all 0 where none has. */
  stats(request: SearchRequest, field: string): Promise<Stats>;
  /** The same per step of `interval` ms; steps without a value are left out. */
  statsHistogram(
    request: SearchRequest & TimeRange,
    interval: number,
    field: string,
  ): Promise<(Stats & { key: number })[]>;
  /**
   * Sum of a numeric field, or count of rows with field undefined, per step of `interval` ms. Fields can be added and
   * subtracted: `orig_bytes+resp_bytes`.
   */
  series(
    request: SearchRequest & TimeRange,
    interval: number,
    field?: string,
  ): Promise<{ key: number; value: number }[]>;
  /** How many records the range holds of each kind, and its first and last time. */
  extent(): Promise<{ kind: RecordKind; rows: number; from: number; to: number; bytes: number }[]>;
  fields(): LakeFieldInfo[];
  /** What is on disk, by kind and day of storing, for retention and the disk guard. */
  usage(): Promise<Usage[]>;
  /** Removes everything stored before the day (retention); event time does not matter. */
  dropStoredBefore(kind: RecordKind, storedDay: number): Promise<void>;
  close(): Promise<void>;
}
