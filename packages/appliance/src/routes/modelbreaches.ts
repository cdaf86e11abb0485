/** Model breaches: list, single ones, acknowledgement. MSSP guide, Appendix A and B. */
import {
  acknowledgeBreach,
  modelbreach,
  modelbreaches,
  type QueryOf,
  unacknowledgeBreach,
} from '@thymus/contract';
import type { BreachFilter, StoredBreach } from '@thymus/store';
import { windowOf } from '../http/input.ts';
import { notFound } from '../http/refusal.ts';
import { type Call, type Site, serve } from '../http/serve.ts';
import { breachContext, wireBreach } from '../wire/breach.ts';

type Query = QueryOf<typeof modelbreaches>;

function filterOf(query: Query): BreachFilter {
  const { minscore, did, pid, uuid, pbid } = query;
  const isNamed = pbid !== undefined;
  return {
    ...windowOf(query),
    ...(query.creationtime ? { byCreation: true } : {}),
    ...(minscore === undefined ? {} : { minScore: minscore }),
    ...(did ? { did } : {}),
    ...(pid ? { pid } : {}),
    ...(uuid ? { uuid } : {}),
    ...(pbid ? { pbid } : {}),
    includeAcknowledged: isNamed || (query.includeacknowledged ?? false),
    includeSuppressed: isNamed || (query.includesuppressed ?? false),
  };
}

/** Cloud accounts have a subnet of their own; no other device is one. */
const SAAS_SUBNET = -9;

async function found(query: Query, { services }: Call): Promise<StoredBreach[]> {
  const breaches = await services.state.breaches.list(filterOf(query));
  if (!query.saasonly && !query.saasfilter) return breaches;
  const accounts = await services.state.devices.list({ sid: SAAS_SUBNET });
  const dids = new Set(accounts.map(({ did }) => did));
  return breaches.filter(({ did }) => dids.has(did));
}

/** The breach, or NOT_FOUND. */
export async function breachOf(pbid: number, { services }: Call): Promise<StoredBreach> {
  const breach = await services.state.breaches.get(pbid);
  if (!breach) throw notFound(`breach ${pbid}`);
  return breach;
}

/** Tells open screens that a breach has changed. */
export function announce(
  breach: StoredBreach,
  change: 'acknowledged' | 'commented',
  { services }: Call,
): void {
  const { pbid, did, score, time, model } = breach;
  services.events.publish('breach', { pbid, did, name: model.name, score, time, change });
}

async function setAcknowledged(pbid: number, isSet: boolean, call: Call): Promise<{ response: 'SUCCESS' }> {
  const { services, principal } = call;
  const breach = await breachOf(pbid, call);
  const by = { time: services.now(), username: principal.username };
  await services.state.breaches.acknowledge(pbid, isSet ? by : undefined);
  await call.audit(isSet ? 'breach.acknowledge' : 'breach.unacknowledge', String(pbid));
  announce(breach, 'acknowledged', call);
  return { response: 'SUCCESS' };
}

export function routeModelBreaches(site: Site): void {
  serve(site, modelbreaches, async (query, call) => {
    const breaches = await found(query, call);
    const context = await breachContext(call.services, breaches);
    const wired = breaches.map((breach) => wireBreach(breach, query, context));
    if (query.group === 'device') {
      wired.sort((a, b) => (b.devicescore ?? 0) - (a.devicescore ?? 0) || a.time - b.time);
    }
    const [first] = wired;
    return first && query.pbid && call.isSingle('pbid') ? first : wired;
  });
  serve(site, modelbreach, async ({ pbid, ...look }, call) => {
    const breach = await breachOf(pbid, call);
    return wireBreach(breach, look, await breachContext(call.services, [breach]));
  });
  serve(site, acknowledgeBreach, ({ pbid }, call) => setAcknowledged(pbid, true, call));
  serve(site, unacknowledgeBreach, ({ pbid }, call) => setAcknowledged(pbid, false, call));
}
