/** Metrics, and their values over time. */
import { metricByMlid, metricdata, metrics, type QueryOf, utcText } from '@thymus/contract';
import { windowOf } from '../http/input.ts';
import { badInput, notFound } from '../http/refusal.ts';
import { type Call, type Site, serve } from '../http/serve.ts';
import type { MetricInfo } from '../http/services.ts';
import { filled, metricSeries } from '../wire/metric-queries.ts';
import { conditionsOf } from './conditions.ts';

const HOUR = 3_600_000;
/** More steps than any graph can draw. */
const MAX_STEPS = 20_000;

/** Filters that models may put on connection metrics. */
const FILTERS = ['Direction', 'Destination IP', 'Destination port', 'Protocol', 'Application protocol'];

const wired = ({ mlid, name, label, units }: MetricInfo) => ({
  mlid,
  name,
  label,
  units,
  filtertypes: FILTERS,
  unitsinterval: 3600,
  lengthscale: 604_800,
});

async function breachTimes(did: number | undefined, range: { from: number; to: number }, { services }: Call) {
  const filter = { ...range, ...(did === undefined ? {} : { did: [did] }) };
  return (await services.state.breaches.list(filter)).map(({ pid, pbid, score, time, model }) => ({
    pid,
    pbid,
    score,
    name: model.name,
    time,
  }));
}

/** The window, the last hour by default, and the step in ms. */
function rangeOf(query: QueryOf<typeof metricdata>, now: number) {
  const window = windowOf(query);
  const to = window.to ?? now;
  const from = window.from ?? to - HOUR;
  const interval = (query.interval ?? 60) * 1000;
  if (from > to) throw badInput('the window ends before it starts');
  if ((to - from) / interval > MAX_STEPS) throw badInput(`interval gives more than ${MAX_STEPS} steps`);
  return { from, to, interval };
}

export function routeMetrics(site: Site): void {
  const { services } = site;

  serve(site, metrics, () => services.metrics.map(wired));

  serve(site, metricByMlid, ({ mlid }) => {
    const found = services.metrics.find((metric) => metric.mlid === mlid);
    if (!found) throw notFound(`metric ${mlid}`);
    return wired(found);
  });

  serve(site, metricdata, async (query, call) => {
    if (query.devices) throw badInput('devices is not supported: ask with did, device by device');
    const { from, to, interval } = rangeOf(query, services.now());
    const { did } = query;
    const condition = conditionsOf(query, did).join(' AND ');
    const list: Awaited<ReturnType<typeof oneMetric>>[] = [];
    async function oneMetric(name: string) {
      if (!services.metrics.some((metric) => metric.name === name))
        throw badInput(`metric ${name} is not known`);
      const points = await metricSeries(services.lake, { name, did, from, to, interval, condition });
      const data = filled(points, { from, to }, interval).map(({ time, ...sizes }) => ({
        time: utcText(time),
        timems: time,
        ...sizes,
      }));
      return { metric: name, data };
    }
    for (const name of query.metric ?? ['connections']) list.push(await oneMetric(name));
    return query.breachtimes ? [{ breachtimes: await breachTimes(did, { from, to }, call) }, ...list] : list;
  });
}
