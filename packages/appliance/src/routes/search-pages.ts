/** Advanced Search for the web interface. */
import { uiFields, uiHistogram, uiSearch, uiTerms } from '@thymus/contract';
import { badInput } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';
import { stepFor } from '../wire/metric-queries.ts';

const STEPS = 120;
const MAX_STEPS = 10_000;

/** The parts of a request that were given. */
function requestOf({ q = '', from, to }: { q?: string; from?: number; to?: number }) {
  return {
    query: q,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

export function routeSearchPages(site: Site): void {
  const { lake } = site.services;

  serve(site, uiSearch, ({ offset = 0, size = 50, ...request }) =>
    lake.search({ ...requestOf(request), offset, size }),
  );

  serve(site, uiHistogram, async ({ q = '', from, to, interval: asked }) => {
    if (!(from < to)) throw badInput('The window ends before it starts.');
    const interval = asked ?? stepFor({ from, to }, STEPS);
    if ((to - from) / interval > MAX_STEPS) throw badInput(`That makes more than ${MAX_STEPS} steps.`);
    return { interval, buckets: await lake.histogramByKind({ query: q, from, to }, interval) };
  });

  serve(site, uiFields, () => lake.fields());

  serve(site, uiTerms, ({ field, size = 10, ...request }) => lake.terms(requestOf(request), field, size));
}
