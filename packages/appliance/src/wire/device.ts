/** Devices in the shapes of the API. */
import { typeLabel, utcText, type WireDevice, type WireListedDevice } from '@thymus/contract';
import type { StoredDevice } from '@thymus/store';

const HOUR = 3_600_000;

export type DeviceDetail = 'minimal' | 'usual' | 'full';

/** A device as breaches and searches show it. */
export function wireDevice(device: StoredDevice, detail: DeviceDetail = 'usual'): WireDevice {
  const { did, firstSeen, lastSeen } = device;
  const names = namesOf(device);
  if (detail === 'minimal') return { did, ...addressesOf(device), ...pick(names, MINIMAL) };
  return {
    did,
    ...addressesOf(device),
    ...names,
    firstSeen,
    lastSeen,
    ...(detail === 'full' ? { credentials: device.credentials, tags: [] } : {}),
  };
}

/** A device as /devices lists it. */
export function wireListedDevice(device: StoredDevice, withTags = false): WireListedDevice {
  return {
    id: device.did,
    did: device.did,
    ...addressesOf(device),
    ...namesOf(device),
    time: device.firstSeen,
    endtime: device.lastSeen,
    ...(withTags ? { tags: [] } : {}),
  };
}

/** A device that nobody has seen: pseudo devices and those of breaches without one. */
export const unknownDevice = (did: number): WireDevice => ({ did });

const MINIMAL = ['hostname', 'typename', 'typelabel'] as const;

function namesOf(device: StoredDevice) {
  return {
    ...(device.mac === undefined ? {} : { macaddress: device.mac }),
    ...(device.vendor ? { vendor: device.vendor } : {}),
    ...(device.hostname === undefined ? {} : { hostname: device.hostname }),
    ...(device.os ? { os: device.os } : {}),
    ...(device.label ? { devicelabel: device.label } : {}),
    typename: device.typename,
    typelabel: typeLabel(device.typename),
    ...(device.priority === 0 ? {} : { priority: device.priority }),
  };
}

function addressesOf({ ips, sid }: StoredDevice) {
  const [current] = ips;
  return {
    ...(current ? { ip: current.ip } : {}),
    ips: ips.map((address) => {
      const timems = Math.floor(address.lastSeen / HOUR) * HOUR;
      return { ip: address.ip, timems, time: utcText(timems), sid: address.sid };
    }),
    sid,
  };
}

function pick<T extends object, K extends keyof T>(value: T, names: readonly K[]): Partial<Pick<T, K>> {
  const kept: Partial<Pick<T, K>> = {};
  for (const name of names) if (value[name] !== undefined) kept[name] = value[name];
  return kept;
}
