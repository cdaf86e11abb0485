/** Advanced Search for the web interface: the same language as the documented routes, plainer answers. */
import Type from 'typebox';
import { time } from '../parameters.ts';
import type { Route } from '../route.ts';

const q = Type.Optional(Type.String({ maxLength: 10_000, description: 'Query; empty = everything' }));
const from = Type.Optional(time('Start, inclusive'));
const to = Type.Optional(time('End, exclusive'));

/** One record: times and intervals in ms, unset fields left out. */
export const hit = Type.Unsafe<{ kind: string; ts: number } & Record<string, unknown>>(
  Type.Object({ kind: Type.String(), ts: time('When') }, { additionalProperties: true }),
);

export const uiSearch = {
  method: 'GET',
  path: '/ui/search',
  doc: 'Records that match, newest first.',
  permission: 'search',
  query: Type.Object({
    q,
    from,
    to,
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    size: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: '50 by default' })),
  }),
  reply: Type.Object({
    total: Type.Integer(),
    totalIsExact: Type.Boolean(),
    hits: Type.Array(hit),
    took: Type.Number({ description: 'ms' }),
  }),
} as const satisfies Route;

export const uiHistogram = {
  method: 'GET',
  path: '/ui/search/histogram',
  doc: 'How many records match per step and kind; empty steps are left out.',
  permission: 'search',
  query: Type.Object({
    q,
    from: time('Start, inclusive'),
    to: time('End, exclusive'),
    interval: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Step in ms; by default about 120 steps' }),
    ),
  }),
  reply: Type.Object({
    interval: Type.Number({ description: 'Step in ms' }),
    buckets: Type.Array(
      Type.Object({ key: time('Start of the step'), kind: Type.String(), count: Type.Integer() }),
    ),
  }),
} as const satisfies Route;

export const uiFields = {
  method: 'GET',
  path: '/ui/search/fields',
  doc: 'Fields that a query can name.',
  permission: 'search',
  reply: Type.Array(
    Type.Object({
      name: Type.String(),
      aliases: Type.Array(Type.String()),
      type: Type.String(),
      kinds: Type.Array(Type.String()),
      doc: Type.String(),
    }),
  ),
} as const satisfies Route;

export const uiTerms = {
  method: 'GET',
  path: '/ui/search/terms',
  doc: 'Most frequent values of a field among the records that match.',
  permission: 'search',
  query: Type.Object({
    q,
    field: Type.String({ minLength: 1, maxLength: 100 }),
    from,
    to,
    size: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '10 by default' })),
  }),
  reply: Type.Array(Type.Object({ key: Type.String(), count: Type.Integer() })),
} as const satisfies Route;
