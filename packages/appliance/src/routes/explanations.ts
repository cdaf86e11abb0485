/** Why a breach scored as it did, and what was usual: breach page and graphs of the web interface. */

import { isDeepStrictEqual } from 'node:util';
import { explainBreach, uiMetricData } from '@thymus/contract';
import type { StoredBreach } from '@thymus/store';
import { badInput } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';
import type { MetricInfo, Services } from '../http/services.ts';
import { metricSeries, stepFor } from '../wire/metric-queries.ts';
import { breachOf } from './modelbreaches.ts';

const HOUR = 3_600_000;
const STEPS = 300;
const MAX_STEPS = 20_000;

const unitOf = ({ units, label }: Pick<MetricInfo, 'units' | 'label'>): string =>
  units === '' ? label.toLowerCase() : units;

function explained(breach: StoredBreach, cids: readonly number[], metrics: readonly MetricInfo[]) {
  return breach.components.map((triggered) => {
    const { index, time, size, threshold, usual, probability, filters, evidence } = triggered;
    const { metric: name, interval } = breach.model.components[index]!;
    const metric = metrics.find((info) => info.name === name) ?? { label: name, units: '' };
    return {
      index,
      cid: cids[index] ?? 0,
      metric: name,
      label: metric.label,
      unit: unitOf(metric),
      time,
      size,
      threshold,
      interval,
      ...(usual === undefined ? {} : { usual }),
      ...(probability === undefined ? {} : { probability }),
      filters: filters.map(({ filter, value }) => ({ filter, value })),
      evidence,
    };
  });
}

interface Range {
  from: number;
  to: number;
}

/**
 * The band that detection noted every hour, for another step: the median grows with the step, the spread around it with
 * its root, as that of counts does.
 */
async function bandOf({ lake }: Services, did: number, name: string, { from, to }: Range, interval: number) {
  const query = `@type:metric AND did:${did} AND name:"${name}"`;
  const { hits } = await lake.search({ query, from: from - HOUR, to, size: 10_000 });
  const scale = interval / HOUR;
  const spread = Math.sqrt(scale);
  return hits.reverse().map((hit) => {
    const [low, middle, high] = [Number(hit['low']), Number(hit['median']), Number(hit['high'])];
    const median = middle * scale;
    return {
      time: hit.ts,
      low: Math.max(0, median - (middle - low) * spread),
      median,
      high: median + (high - middle) * spread,
    };
  });
}

export function routeExplanations(site: Site): void {
  const { services } = site;

  serve(site, explainBreach, async ({ pbid }, call) => {
    const breach = await breachOf(pbid, call);
    const stored = (await services.state.models.list()).find(({ pid }) => pid === breach.pid);
    const { did, time, score, pbscore, parts, model, suppressed, learning, delayed, acknowledged } = breach;
    return {
      pbid,
      did,
      time,
      score,
      pbscore,
      parts,
      components: explained(breach, stored?.cids ?? [], services.metrics),
      model: {
        name: model.name,
        description: model.description,
        action: model.action,
        changed: stored !== undefined && !isDeepStrictEqual(stored.model, model),
      },
      suppressed,
      learning,
      delayed,
      ...(acknowledged === undefined ? {} : { acknowledged }),
    };
  });

  serve(site, uiMetricData, async ({ did, metric: name, from, to, interval: asked }) => {
    const metric = services.metrics.find((info) => info.name === name);
    if (!metric) throw badInput(`There is no metric ${name}.`);
    const interval = asked ?? stepFor({ from, to }, STEPS);
    if (!(from < to)) throw badInput('The window ends before it starts.');
    if ((to - from) / interval > MAX_STEPS) throw badInput(`That makes more than ${MAX_STEPS} steps.`);
    const points = await metricSeries(services.lake, { name, did, from, to, interval });
    return {
      metric: { name, label: metric.label, unit: unitOf(metric) },
      interval,
      observed: points.map(({ time, size }) => ({ time, value: size })),
      band: await bandOf(services, did, name, { from, to }, interval),
    };
  });
}
