/** Devices and subnets. */
import { devices, editDevice, type QueryOf, subnets, typeName } from '@thymus/contract';
import { canonicalAddress } from '@thymus/core';
import type { Subnet } from '@thymus/detect';
import type { DeviceFilter, StoredDevice } from '@thymus/store';
import { dateOf } from '../http/input.ts';
import { badInput, notFound } from '../http/refusal.ts';
import { type Call, type Site, serve } from '../http/serve.ts';
import { wireListedDevice } from '../wire/device.ts';

const DAY = 86_400_000;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(s|secs?|seconds?)$/, 1000],
  [/^(m|mins?|minutes?)$/, 60_000],
  [/^(h|hrs?|hours?)$/, 3_600_000],
  [/^(d|days?)$/, DAY],
  [/^(w|wks?|weeks?)$/, 7 * DAY],
];

/** ms of a span such as "7days", "2min" or "3600" (seconds). Throws BAD_INPUT. */
export function spanOf(text: string): number {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = unit === '' ? 1000 : UNITS.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1];
  if (amount === undefined || factor === undefined) {
    throw badInput('seensince must be a span such as 7days, 2min or 3600');
  }
  return Number(amount) * factor;
}

type Query = QueryOf<typeof devices>;

function filterOf(query: Query, now: number): DeviceFilter {
  const { did, ip, mac, sid, count, seensince, iptime } = query;
  // who asks for a device by name wants it however long ago it was seen
  const isNamed = did !== undefined || ip !== undefined || mac !== undefined || iptime !== undefined;
  return {
    ...(did ? { did } : {}),
    ...(ip === undefined || iptime !== undefined ? {} : { ip: canonicalAddress(ip) ?? ip }),
    ...(mac === undefined ? {} : { mac }),
    ...(sid === undefined ? {} : { sid }),
    ...(count === undefined ? {} : { limit: count }),
    ...(isNamed && seensince === undefined ? {} : { seenSince: now - spanOf(seensince ?? '7days') }),
  };
}

/** True if the device used the address, and not before it was first seen. */
function usedAddress(device: StoredDevice, ip: string, at: number): boolean {
  return device.firstSeen <= at && device.ips.some((use) => use.ip === ip && use.lastSeen >= at);
}

async function found(query: Query, { services }: Call): Promise<StoredDevice[]> {
  const list = await services.state.devices.list(filterOf(query, services.now()));
  const accounts = query.saasfilter ? list.filter(({ sid }) => sid === -9) : list;
  const at = dateOf('iptime', query.iptime);
  if (at === undefined || query.ip === undefined) return accounts;
  const ip = canonicalAddress(query.ip) ?? query.ip;
  return accounts.filter((device) => usedAddress(device, ip, at));
}

const SERVERS = new Set(['server', 'dnsserver', 'fileserver', 'proxyserver', 'logserver']);

function wireSubnet(subnet: Subnet, inside: readonly StoredDevice[]) {
  const servers = inside.filter(({ typename }) => SERVERS.has(typename)).length;
  return {
    sid: subnet.sid,
    auto: true,
    dhcp: subnet.dhcpSeen > 0,
    firstSeen: subnet.firstSeen,
    label: '',
    lastSeen: subnet.lastSeen,
    network: subnet.network,
    shid: subnet.sid,
    uniqueHostnames: false,
    uniqueUsernames: false,
    dhcpCount: subnet.dhcpSeen,
    clientDevices: inside.length - servers,
    serverDevices: servers,
    icsDevices: 0,
    mostRecentTraffic: subnet.lastSeen,
  };
}

export function routeDevices(site: Site): void {
  const { state, now } = site.services;

  serve(site, devices, async (query, call) => {
    const list = (await found(query, call)).map((device) => wireListedDevice(device, query.includetags));
    const isNamed = ['did', 'ip', 'mac'].some(call.isSingle);
    return list.length === 1 && isNamed ? list[0]! : list;
  });

  serve(site, editDevice, async ({ did, label, priority, type }, call) => {
    const chosenType = type === undefined ? undefined : typeName(type);
    if (type !== undefined && chosenType === undefined) throw badInput(`type ${type} is not known`);
    const change = {
      ...(label === undefined ? {} : { label }),
      ...(priority === undefined ? {} : { priority }),
      ...(chosenType === undefined ? {} : { chosenType }),
    };
    if (!(await state.devices.edit(did, change))) throw notFound(`device ${did}`);
    await call.audit('device.edit', String(did), JSON.stringify(change));
    return { response: 'SUCCESS' as const, device: wireListedDevice((await state.devices.get(did))!) };
  });

  serve(site, subnets, async ({ sid, seensince }) => {
    const [all, inside] = await Promise.all([state.devices.subnets(), state.devices.list()]);
    const bySid = Map.groupBy(inside, (device) => device.sid);
    const since = seensince === undefined ? Number.NEGATIVE_INFINITY : now() - spanOf(seensince);
    return all
      .filter((subnet) => (sid === undefined || subnet.sid === sid) && subnet.lastSeen >= since)
      .map((subnet) => wireSubnet(subnet, bySid.get(subnet.sid) ?? []));
  });
}
