/** Devices for the web interface. */
import { typeLabel, uiDeviceByDid, uiDevices } from '@thymus/contract';
import type { StoredDevice } from '@thymus/store';
import { notFound } from '../http/refusal.ts';
import { type Site, serve } from '../http/serve.ts';

function wired(device: StoredDevice, networks: ReadonlyMap<number, string>) {
  const { ips, mac, vendor, hostname, label, os, sid } = device;
  const network = networks.get(sid);
  return {
    did: device.did,
    ...(ips[0] ? { ip: ips[0].ip } : {}),
    ips,
    ...(mac === undefined ? {} : { mac }),
    ...(vendor ? { vendor } : {}),
    ...(hostname === undefined ? {} : { hostname }),
    ...(label ? { label } : {}),
    ...(os ? { os } : {}),
    typename: device.typename,
    typelabel: typeLabel(device.typename),
    typeReasons: device.typeReasons,
    priority: device.priority,
    sid,
    ...(network === undefined ? {} : { network }),
    firstSeen: device.firstSeen,
    lastSeen: device.lastSeen,
    credentials: device.credentials,
    hoursLearned: device.hoursLearned,
    stage: device.stage,
    score: device.score,
  };
}

export function routeDevicePages(site: Site): void {
  const { devices } = site.services.state;
  const networks = async () => new Map((await devices.subnets()).map(({ sid, network }) => [sid, network]));

  serve(site, uiDeviceByDid, async ({ did }) => {
    const device = await devices.get(did);
    if (!device) throw notFound(`device ${did}`);
    return wired(device, await networks());
  });

  serve(site, uiDevices, async ({ q, limit = 100 }) => {
    const [total, list, known] = await Promise.all([
      devices.count(),
      devices.list({ limit, ...(q === undefined ? {} : { text: q }) }),
      networks(),
    ]);
    return { total, devices: list.map((device) => wired(device, known)) };
  });
}
