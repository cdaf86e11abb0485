/** Advanced Search in the shape that its documented clients know: Elasticsearch's, with Kibana's frame. */
import { isoText, parseApiDate, searchHash } from '@thymus/contract';
import { declarationOf, type FieldType, ThymusError } from '@thymus/core';
import type { Hit } from '@thymus/lake';
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
}

const refuse = (message: string): never => {
  throw new ThymusError('BAD_INPUT', message);
};

/** The JSON in a base64 text, standard or URL-safe, with or without padding. Throws BAD_INPUT. */
function decoded(hash: string): Static<typeof searchHash> {
  const text = hash.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text.trim(), 'base64').toString('utf8'));
  } catch {
    return refuse('The search is no base64 of JSON.');
  }
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
  const { search = '', offset, size, timeframe, time, starttime, endtime } = decoded(hash);
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

/** Times and intervals in seconds, as searches compare them; everything else as it is. */
function fieldValue(value: unknown, type: FieldType | undefined): unknown {
  if (type === 'time' || type === 'interval') return Number(value) / 1000;
  if (type === 'intervals') return (value as number[]).map((ms) => ms / 1000);
  return value;
}

export function wireHit(hit: Hit, position: number) {
  const { kind, ts, ...rest } = hit;
  const types = declarationOf(kind)?.fields ?? {};
  const fields: Record<string, unknown> = { epochdate: ts / 1000 };
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    fields[name] = fieldValue(value, types[name as keyof typeof types]?.['type'] as FieldType | undefined);
  }
  const index = indexOf(ts);
  return {
    _index: index,
    _type: 'doc',
    _id: `${String(hit['uid'] ?? kind)}-${Math.round(ts * 1000)}-${position}`,
    _score: null,
    _source: {
      '@fields': fields,
      '@type': kind,
      '@timestamp': isoText(ts),
      '@message': [ts / 1000, ...Object.values(rest)].map(messagePart).join('\t'),
    },
    sort: [Math.floor(ts)],
  };
}

const messagePart = (value: unknown): string =>
  value === undefined ? '-' : Array.isArray(value) ? value.join(',') : String(value);
