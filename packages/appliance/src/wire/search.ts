/** Advanced Search in the shape that its documented clients know: Elasticsearch's, with Kibana's frame. */
import { isoText, parseApiDate, searchHash } from '@thymus/contract';
import { ThymusError } from '@thymus/core';
import { type Hit, searchFields } from '@thymus/lake';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { clampTime } from '../http/input.ts';

const validator = Compile(searchHash);

const DEFAULT_TIMEFRAME = 900;
const DEFAULT_SIZE = 50;

export interface SearchQuery {
  query: string;
  offset: number;
  size: number;
  /** ms since the epoch; `to` is exclusive. */
  from: number;
  to: number;
  /** Field that a graph of means is of, as queries name it. */
  analyzed?: string;
}

const refuse = (message: string): never => {
  throw new ThymusError('BAD_INPUT', message);
};

/** The JSON in a base64 text, standard or URL-safe, with or without padding; undefined if there is none. */
function jsonIn(hash: string): unknown {
  const text = hash.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return JSON.parse(Buffer.from(text.trim(), 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The base64 and the page after it. A base64 that happens to end in a slash and digits is not cut. */
export function pageOf(rest: string): { hash: string; page: number } {
  const [, hash, page] = /^(.+)\/(\d{1,3})$/.exec(rest) ?? [];
  if (hash === undefined || jsonIn(hash) === undefined) return { hash: rest, page: 0 };
  return { hash, page: Number(page) };
}

/** A field in the name that queries and hits have for it, whether or not the client says `@fields.`. */
export const queryField = (field: string): string => (field.startsWith('@') ? field : `@fields.${field}`);

/** The search in a base64 text. Throws BAD_INPUT. */
function decoded(hash: string): Static<typeof searchHash> {
  const value = jsonIn(hash);
  if (value === undefined) return refuse('The search is no base64 of JSON.');
  if (!validator.Check(value)) {
    const [error] = validator.Errors(value);
    return refuse(`The search is no valid one: ${error?.instancePath.slice(1)} ${error?.message}.`);
  }
  return value;
}

function wholeNumber(name: string, value: number | string | undefined, fallback: number): number {
  const number = value === undefined || value === '' ? fallback : Number(value);
  return Number.isInteger(number) && number >= 0 ? number : refuse(`${name} must be a whole number.`);
}

/** A time as ms, seconds or text. */
function moment(name: string, value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (Number.isFinite(number)) return clampTime(number < 1e11 ? number * 1000 : number);
  return clampTime(parseApiDate(String(value)) ?? refuse(`${name} must be a time.`));
}

/** Reads the base64 of a request. Windows without times end now. Throws BAD_INPUT. */
export function readSearch(hash: string, now: number): SearchQuery {
  const asked = decoded(hash);
  const { search = '', offset, size, timeframe, time, starttime, endtime, analyze_field: field } = asked;
  const isCustom = timeframe === 'custom';
  const seconds = isCustom ? DEFAULT_TIMEFRAME : wholeNumber('timeframe', timeframe, DEFAULT_TIMEFRAME);
  const start = isCustom || timeframe === undefined ? moment('from', time?.from ?? starttime) : undefined;
  const end = isCustom || timeframe === undefined ? moment('to', time?.to ?? endtime) : undefined;
  const to = (end ?? now) + 1;
  return {
    query: search,
    offset: wholeNumber('offset', offset, 0),
    size: wholeNumber('size', size, DEFAULT_SIZE),
    from: start ?? Math.max(0, to - seconds * 1000),
    to,
    ...(field ? { analyzed: queryField(field) } : {}),
  };
}

/** What every answer has. */
export const frame = (took: number, { from, to }: SearchQuery, index: unknown) => ({
  took,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  darktraceChildError: '',
  kibana: {
    index,
    per_page: DEFAULT_SIZE,
    time: { from: isoText(from), to: isoText(to - 1) },
    default_fields: ['@type', '@message'],
  },
});

/** Name of the index that a day's records would be in. */
export const indexOf = (ms: number): string =>
  `logstash-thymus-${isoText(ms).slice(0, 10).replaceAll('-', '.')}`;

/** One hit: its fields in the names and units of queries, so that what is seen can be asked for. */
export function wireHit(hit: Hit, position: number) {
  const { kind, ts } = hit;
  const fields = { epochdate: ts / 1000, ...searchFields(hit) };
  return {
    _index: indexOf(ts),
    _type: 'doc',
    _id: `${String(hit['uid'] ?? kind)}-${Math.round(ts * 1000)}-${position}`,
    _score: null,
    _source: {
      '@fields': fields,
      '@type': kind,
      '@timestamp': isoText(ts),
      '@message': Object.values(fields).map(String).join('\t'),
    },
    sort: [Math.floor(ts)],
  };
}
