/** The network in numbers: devices by type, traffic, events over time, breaches by tactic. */
import { DEVICE_TYPES, summarystatistics, utcText } from '@thymus/contract';
import type { StoredDevice } from '@thymus/store';
import { dateOf } from '../http/input.ts';
import { badInput } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';
import type { Services } from '../http/services.ts';
import { credentialsOf } from './status.ts';

const HOUR = 3_600_000;
const SERVERS = new Set(['server', 'dnsserver', 'fileserver', 'proxyserver', 'logserver', 'router']);
const CLIENTS = new Set(['laptop', 'desktop', 'mobile', 'tablet', 'unknown']);

/** Queries of the event types that exist here; the others count nothing. */
const EVENTS: ReadonlyMap<string, string> = new Map([
  ['network', '*'],
  ['notices', '@type:notice OR @type:weird'],
  ['networknotices', '@type:notice OR @type:weird'],
  ['devicedetails', '@type:dhcp'],
  ['networkdevicedetails', '@type:dhcp'],
]);

interface Range {
  from: number;
  to: number;
}

function deviceCounts(devices: readonly StoredDevice[]): Record<string, number | object> {
  const byType = Map.groupBy(devices, ({ typename }) => typename);
  const count = (names: ReadonlySet<string>) => devices.filter(({ typename }) => names.has(typename)).length;
  const [totalServer, totalClient] = [count(SERVERS), count(CLIENTS)];
  return {
    ...Object.fromEntries(DEVICE_TYPES.map(({ name }) => [name, byType.get(name)?.length ?? 0])),
    saas: { total: 0 },
    licenseIPCount: devices.length,
    licenseCloudIPCount: 0,
    totalClient,
    totalServer,
    totalOther: devices.length - totalServer - totalClient,
    total: devices.length,
  };
}

async function overall({ state, lake }: Services, { from, to }: Range) {
  const [devices, subnets, bandwidth] = await Promise.all([
    state.devices.list(),
    state.devices.subnets(),
    lake.series({ query: '@type:conn', from, to }, HOUR, 'orig_bytes+resp_bytes'),
  ]);
  return {
    usercredentialcount: credentialsOf(devices),
    subnets: subnets.length,
    patterns: devices.reduce((sum, { hoursLearned }) => sum + hoursLearned, 0),
    bandwidth: bandwidth.map(({ key, value }) => ({
      timems: key,
      time: utcText(key),
      kb: Math.round(value / 1000),
    })),
    antigenaDevices: 0,
    antigenaActions: 0,
    devicecount: deviceCounts(devices),
  };
}

async function eventsOverTime({ lake, state }: Services, type: string, range: Range) {
  const counts = new Map<number, number>();
  const name = type.toLowerCase();
  const query = EVENTS.get(name);
  if (name === 'modelevents' || name === 'networkmodelevents') {
    const all = { ...range, includeAcknowledged: true, includeSuppressed: true };
    for (const { time } of await state.breaches.list(all)) {
      const step = Math.floor(time / HOUR) * HOUR;
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
  } else if (query !== undefined) {
    for (const { key, count } of await lake.histogram({ query, ...range }, HOUR)) counts.set(key, count);
  }
  const data = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([timems, events]) => ({ timems, time: utcText(timems), events }));
  return { events: true, data };
}

async function byTactic({ state }: Services, range: Range) {
  const [models, breaches] = await Promise.all([state.models.list(), state.breaches.list(range)]);
  const tactics = [...new Set(models.flatMap(({ model }) => model.mitre.tactics))].sort();
  return {
    mitreTactics: tactics.map((tactic) => {
      const of = breaches.filter(({ model }) => model.mitre.tactics.includes(tactic));
      const modelCount = models.filter(({ model }) => model.mitre.tactics.includes(tactic)).length;
      return {
        tactic,
        name: tactic
          .split('-')
          .map((word) => word[0]!.toUpperCase() + word.slice(1))
          .join(' '),
        totalCount: of.length,
        scoreCount: of.filter(({ score }) => score > 0.5).length,
        modelEstimate: modelCount,
        modelCount,
      };
    }),
    modelCount: models.length,
    startTime: range.from,
    totalCount: breaches.length,
  };
}

export function routeSummaryStatistics(site: Site): void {
  const { services } = site;

  serve(site, summarystatistics, async ({ eventtype, csensor, mitreTactics, endtime, to, hours = 24 }) => {
    if ([eventtype, csensor, mitreTactics].filter(Boolean).length > 1) {
      throw badInput('only one of eventtype, csensor and mitreTactics can be asked for');
    }
    const newest = (await services.status()).newest ?? services.now();
    const end = endtime ?? dateOf('to', to) ?? newest + 1;
    const range = { from: Math.max(0, end - hours * HOUR), to: end };
    if (eventtype) return eventsOverTime(services, eventtype, range);
    if (mitreTactics) return byTactic(services, range);
    return overall(services, range);
  });
}
