/** Advanced Search for documented clients: search, analyze, graph. */
import {
  advancedSearch,
  advancedSearchAnalyze,
  advancedSearchGraph,
  advancedSearchPost,
} from '@thymus/contract';
import type { Stats } from '@thymus/lake';
import { badInput } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';
import { frame, indexOf, pageOf, queryField, readSearch, type SearchQuery, wireHit } from '../wire/search.ts';

const DAY = 86_400_000;
const TERMS = 50;

const ratio = ({ sum, count }: Stats) => (count === 0 ? 0 : sum / count);

export function routeAdvancedSearch(site: Site): void {
  const { lake, now } = site.services;

  const search = async (hash: string) => {
    const query = readSearch(hash, now());
    const { hits, total, took } = await lake.search(query);
    return {
      ...frame(took, query, [indexOf(query.to - 1)]),
      hits: { total, max_score: null, hits: hits.map((hit, i) => wireHit(hit, query.offset + i)) },
    };
  };
  serve(site, advancedSearch, (_, { rest }) => search(rest));
  serve(site, advancedSearchPost, ({ hash }) => search(hash));

  /** Runs `work` and gives its answer the common frame. */
  const framed = async <T extends object>(hash: string, work: (query: SearchQuery) => Promise<T>) => {
    const query = readSearch(hash, now());
    const started = performance.now();
    const body = await work(query);
    return { ...frame(Math.round(performance.now() - started), query, indexOf(query.to - 1)), ...body };
  };

  serve(site, advancedSearchAnalyze, ({ field, operation }, { rest }) =>
    framed(rest, async (query) => {
      const name = queryField(field);
      const { total } = await lake.count(query);
      const head = { total, max_score: 0 };
      if (operation === 'mean') {
        const stats = await lake.stats(query, name);
        return { hits: { ...head, hits: [] }, aggregations: { stats: { ...stats, avg: ratio(stats) } } };
      }
      if (operation === 'trend') {
        const hits = await lake.trend(query, name, TERMS);
        return { hits: { ...head, count: hits.length, hits } };
      }
      const terms = await lake.terms(query, name, TERMS);
      const buckets = terms.map(({ key, count }) => ({ key, doc_count: count }));
      const named = terms.reduce((sum, { count }) => sum + count, 0);
      const aggregation = { sum_other_doc_count: Math.max(0, total - named), buckets };
      if (operation === 'terms') return { hits: { ...head, hits: [] }, aggregations: { terms: aggregation } };
      const hits = terms.map(({ key, count }) => ({ id: key, count }));
      return { hits: { ...head, count: hits.length, hits }, aggregations: { score: aggregation } };
    }),
  );

  serve(site, advancedSearchGraph, async ({ kind, interval }, { rest }) => {
    const { hash, page } = pageOf(rest);
    const query = readSearch(hash, now());
    // the newest day first, as clients leaf back in time
    const to = query.to - page * DAY;
    const range = { query: query.query, from: Math.max(query.from, to - DAY), to };
    if (range.from >= range.to) throw badInput('there is no such page');
    const reply = await framed(hash, async () => ({
      hits: { total: (await lake.count(range)).total, max_score: 0, hits: [] },
      aggregations:
        kind === 'count'
          ? { count: { buckets: await counts(range, interval) } }
          : { mean: { buckets: await means(range, interval, query.analyzed) } },
    }));
    const isLast = range.from <= query.from;
    return isLast ? reply : { ...reply, kibana: { ...reply.kibana, next: page + 1 } };
  });

  type Range = { query: string; from: number; to: number };
  const counts = async (range: Range, interval: number) =>
    (await lake.histogram(range, interval)).map(({ key, count }) => ({ key, doc_count: count }));
  const means = async (range: Range, interval: number, field: string | undefined) => {
    if (field === undefined) throw badInput('a graph of means needs analyze_field');
    return (await lake.statsHistogram(range, interval, field)).map(({ key, ...stats }) => ({
      key,
      doc_count: stats.count,
      mean_stats: { ...stats, avg: ratio(stats) },
    }));
  };
}
