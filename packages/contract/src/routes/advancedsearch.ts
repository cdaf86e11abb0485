/** Advanced Search as its documented clients use it: base64 of JSON in the path or in a POST. */
import Type from 'typebox';
import type { Route } from '../route.ts';

/** What the base64 holds. Everything may be missing. */
export const searchHash = Type.Object(
  {
    search: Type.Optional(Type.String({ maxLength: 10_000 })),
    offset: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    size: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    timeframe: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    time: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(Type.Union([Type.Number(), Type.String()])),
          to: Type.Optional(Type.Union([Type.Number(), Type.String()])),
          user_interval: Type.Optional(Type.Unknown()),
        },
        { additionalProperties: true },
      ),
    ),
    starttime: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    endtime: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    analyze_field: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);

const shards = Type.Object({
  total: Type.Integer(),
  successful: Type.Integer(),
  skipped: Type.Integer(),
  failed: Type.Integer(),
});

const common = {
  took: Type.Number(),
  timed_out: Type.Boolean(),
  _shards: shards,
  darktraceChildError: Type.String(),
  kibana: Type.Object({
    index: Type.Unknown(),
    per_page: Type.Integer(),
    time: Type.Object({ from: Type.String(), to: Type.String() }),
    default_fields: Type.Optional(Type.Array(Type.String())),
    next: Type.Optional(Type.Integer()),
  }),
};

export const searchReply = Type.Object({
  ...common,
  hits: Type.Object({
    total: Type.Integer(),
    max_score: Type.Null(),
    hits: Type.Array(
      Type.Object({
        _index: Type.String(),
        _type: Type.String(),
        _id: Type.String(),
        _score: Type.Null(),
        _source: Type.Object({
          '@fields': Type.Record(Type.String(), Type.Unknown()),
          '@type': Type.String(),
          '@timestamp': Type.String(),
          '@message': Type.String(),
        }),
        sort: Type.Array(Type.Number()),
      }),
    ),
  }),
});

export const advancedSearch = {
  method: 'GET',
  path: '/advancedsearch/api/search/*',
  doc: 'Records that match a query, newest first. The rest of the path is base64 of JSON; it may contain slashes.',
  permission: 'search',
  reply: searchReply,
} as const satisfies Route;

export const advancedSearchPost = {
  method: 'POST',
  path: '/advancedsearch/api/search',
  doc: 'The same with the base64 as `hash` in the body.',
  permission: 'search',
  body: Type.Object({ hash: Type.String({ minLength: 1, maxLength: 40_000 }) }),
  reply: searchReply,
} as const satisfies Route;

export const advancedSearchAnalyze = {
  method: 'GET',
  path: '/advancedsearch/api/analyze/:field/:operation/*',
  doc: 'Values of a field: terms and score (most frequent), trend (largest change), mean (statistics of a number).',
  permission: 'search',
  params: Type.Object({
    field: Type.String({ maxLength: 100 }),
    operation: Type.Enum(['terms', 'score', 'trend', 'mean']),
  }),
  reply: Type.Object({
    ...common,
    hits: Type.Record(Type.String(), Type.Unknown()),
    aggregations: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
} as const satisfies Route;

export const advancedSearchGraph = {
  method: 'GET',
  path: '/advancedsearch/api/graph/:kind/:interval/*',
  doc: 'Counts or means per step of `interval` ms, a day per page: /1, /2 and so on after the base64.',
  permission: 'search',
  params: Type.Object({
    kind: Type.Enum(['count', 'mean']),
    interval: Type.Integer({ minimum: 1000 }),
  }),
  reply: Type.Object({
    ...common,
    hits: Type.Record(Type.String(), Type.Unknown()),
    aggregations: Type.Record(Type.String(), Type.Unknown()),
  }),
} as const satisfies Route;
