/** What a device did, or what a breach was about, event by event. */
import { type DetailEvent, details, EVENT_TYPES, type QueryOf } from '@thymus/contract';
import type { Hit } from '@thymus/lake';
import type { StoredBreach } from '@thymus/store';
import { windowOf } from '../http/input.ts';
import { badInput } from '../http/refusal.ts';
import { type Call, type Site, serve } from '../http/serve.ts';
import {
  breachNotice,
  connectionEvent,
  type EventContext,
  historyEvents,
  noticeEvent,
  policyBreach,
} from '../wire/event.ts';
import { conditionsOf, quoted } from './conditions.ts';

type Query = QueryOf<typeof details>;

const DEFAULT_COUNT = 1000;
/** uids of one query: the language takes 256 terms. */
const MAX_UIDS = 200;

const CONNECTIONS = '(@type:conn OR @type:conn_update)';
const NOTICES = '(@type:notice OR @type:weird)';

function rangeOf(query: Query): { from?: number; to?: number } {
  const { from, to } = windowOf(query);
  // the lake's windows are open at the end, those of the API are not
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to: to + 1 }) };
}

async function search(conditions: readonly string[], query: Query, { services }: Call): Promise<Hit[]> {
  const { count = DEFAULT_COUNT, offset = 0 } = query;
  const text = conditions.join(' AND ');
  return (await services.lake.search({ query: text, ...rangeOf(query), offset, size: count })).hits;
}

/** Everything that the events of some records refer to. */
async function contextOf(hits: readonly Hit[], did: number | undefined, query: Query, { services }: Call) {
  const dids = new Set(hits.flatMap((hit) => [Number(hit['source_did'] ?? 0), Number(hit['dest_did'] ?? 0)]));
  const devices = dids.size === 0 ? [] : await services.state.devices.list({ did: [...dids] });
  const context: EventContext = {
    did,
    devices: new Map(devices.map((device) => [device.did, device])),
    country: (ip) => services.reference.country(ip),
    asn: (ip) => services.reference.asn(ip),
    detail: query.fulldevicedetails ? 'full' : 'usual',
    withBytes: query.includetotalbytes ?? false,
  };
  return context;
}

async function connections(conditions: readonly string[], did: number | undefined, query: Query, call: Call) {
  const hits = await search([CONNECTIONS, ...conditions, ...conditionsOf(query, did)], query, call);
  const latest = withoutUpdatesOfEnded(hits);
  const context = await contextOf(latest, did, query, call);
  const events = latest.map((hit) => connectionEvent(hit, context));
  return query.deduplicate ? events.filter(isFirstOfItsKind()) : events;
}

/** A connection that has ended is one event, an open one the last of its updates. */
function withoutUpdatesOfEnded(hits: readonly Hit[]): Hit[] {
  const best = new Map<unknown, Hit>();
  for (const hit of hits) {
    const known = best.get(hit['uid']);
    if (!known || (known.kind === 'conn_update' && hit.kind === 'conn')) best.set(hit['uid'], hit);
  }
  return [...best.values()];
}

function isFirstOfItsKind(): (event: DetailEvent) => boolean {
  const seen = new Set<string>();
  return ({ source, destination, destinationPort, protocol }) => {
    const key = JSON.stringify([source, destination, destinationPort, protocol]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}

/** The first connection to each destination that the device had not called before the window. */
async function firstContacts(did: number, query: Query, call: Call): Promise<DetailEvent[]> {
  const events = await connections([`source_did:${did}`], did, query, call);
  const { from } = windowOf(query);
  const earlier = { query: `@type:conn AND source_did:${did}`, from: 0, to: from ?? 0 };
  const terms = from === undefined ? [] : await call.services.lake.terms(earlier, 'dest_ip', 10_000);
  const known = new Set<unknown>(terms.map(({ key }) => key));
  const first = events.reverse().filter(({ destination }) => {
    const isNew = !known.has(destination);
    known.add(destination);
    return isNew;
  });
  return first.reverse();
}

async function notices(did: number | undefined, query: Query, call: Call): Promise<DetailEvent[]> {
  const text = query.msg === undefined ? [] : [quoted(query.msg)];
  const hits = await search([NOTICES, ...text, ...conditionsOf(query, did)], query, call);
  const context = await contextOf(hits, did, query, call);
  return hits.map((hit) => noticeEvent(hit, context));
}

async function breaches(did: number, query: Query, { services }: Call): Promise<StoredBreach[]> {
  const filter = { did: [did], includeAcknowledged: true, includeSuppressed: true, ...windowOf(query) };
  return services.state.breaches.list(filter);
}

/** The connections that decided breaches, latest first. */
function evidenceOf(list: readonly StoredBreach[]): string[] {
  const uids = list.flatMap(({ components }) => components.flatMap(({ evidence }) => evidence.uids));
  return [...new Set(uids.reverse())].slice(0, MAX_UIDS);
}

const anyOf = (uids: readonly string[]): string =>
  `(${uids.map((uid) => `uid:${quoted(uid)}`).join(' OR ')})`;

async function ofDevice(did: number, query: Query, call: Call): Promise<DetailEvent[]> {
  switch (query.eventtype?.toLowerCase() ?? 'connection') {
    case 'connection':
      return connections([], did, query, call);
    case 'newconnection':
      return firstContacts(did, query, call);
    case 'unusualconnection': {
      const uids = evidenceOf(await breaches(did, query, call));
      return uids.length === 0 ? [] : connections([anyOf(uids)], did, query, call);
    }
    case 'notice':
      return notices(did, query, call);
    case 'modelbreach':
      return (await breaches(did, query, call))
        .reverse()
        .map(breachNotice)
        .slice(...page(query));
    case 'devicehistory': {
      const device = await call.services.state.devices.get(did);
      return device ? historyEvents(device).slice(...page(query)) : [];
    }
    default:
      throw badInput(`eventtype must be one of ${EVENT_TYPES.join(', ')}`);
  }
}

const page = ({ offset = 0, count = DEFAULT_COUNT }: Query): [number, number] => [offset, offset + count];

async function ofBreach(pbid: number, query: Query, call: Call): Promise<DetailEvent[]> {
  const { state } = call.services;
  const breach = await state.breaches.get(pbid);
  if (!breach) return [];
  const [models, device] = await Promise.all([state.models.list(), state.devices.get(breach.did)]);
  const cids = models.find(({ pid }) => pid === breach.pid)?.cids ?? [];
  const uids = evidenceOf([breach]);
  const events = uids.length === 0 ? [] : await connections([anyOf(uids)], undefined, query, call);
  return [policyBreach(breach, cids, device), ...events];
}

export function routeDetails(site: Site): void {
  serve(site, details, async (query, call) => {
    const { did, pbid, msg } = query;
    if (pbid !== undefined) return ofBreach(pbid, query, call);
    if (did !== undefined) return ofDevice(did, query, call);
    if (msg !== undefined) return notices(undefined, query, call);
    throw badInput('did, pbid or msg must be given');
  });
}
