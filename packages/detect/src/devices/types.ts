/** What kind of machine a device is, from what it serves, asks for and calls itself. Names are those of the API (reference 5.1). */
import type { DeviceState } from './state.ts';
import {
  AGENTS,
  MAKERS,
  NAMES,
  SERVED,
  type Sign,
  USED,
  USED_BY_OTHERS,
  VENDOR_CLASSES,
} from './type-signs.ts';

/** Type name → label, as the API gives them. */
export const DEVICE_TYPES: Readonly<Record<string, string>> = {
  unknown: 'Unknown',
  laptop: 'Laptop',
  mobile: 'Mobile',
  tablet: 'Tablet',
  desktop: 'Desktop',
  server: 'Server',
  router: 'Router',
  keyasset: 'Key Asset',
  dnsserver: 'DNS Server',
  proxyserver: 'Proxy Server',
  logserver: 'Log Server',
  tv: 'TV',
  camera: 'Camera',
  fileserver: 'File Server',
  ipphone: 'IP Phone',
  iot: 'IoT',
  printer: 'Printer',
  saasprovider: 'SaaS Provider',
  virtualdesktop: 'Virtual Desktop',
  networkrange: 'Network Range',
};

const MAX_CLUES = 24;
const MAX_POINTS = 20;

/** Notes a sign of a type; the same sign again adds its points up to a bound. True if the type changed. */
function note(device: DeviceState, { type, reason, points, most = MAX_POINTS }: Sign): boolean {
  const key = `${type}|${reason}`;
  const sum = device.clues.get(key) ?? 0;
  if (sum >= most || (sum === 0 && device.clues.size >= MAX_CLUES)) return false;
  device.clues.set(key, sum + points);
  return judge(device);
}

function judge(device: DeviceState): boolean {
  const before = device.typename;
  device.typename = typeOf(device);
  return device.typename !== before;
}

/** The type with the most points, at least 5; ties go to the type that was noted first. */
function typeOf(device: DeviceState): string {
  const sums = new Map<string, number>();
  for (const [key, points] of device.clues) {
    const type = key.slice(0, key.indexOf('|'));
    sums.set(type, (sums.get(type) ?? 0) + points);
  }
  let [best, most] = ['unknown', 4];
  for (const [type, points] of sums) if (points > most) [best, most] = [type, points];
  return best;
}

/** Why the type was chosen, strongest sign first. */
export function typeReasons(device: DeviceState): string[] {
  return [...device.clues]
    .filter(([key]) => key.startsWith(`${device.typename}|`))
    .sort((a, b) => b[1] - a[1])
    .map(([key]) => key.slice(key.indexOf('|') + 1));
}

const MADE_BY = 'has a network card by ';

/** The maker of its network card, '' if unknown; replaces what was said of an earlier card. True if the type changed. */
export function noteMaker(device: DeviceState, maker: string): boolean {
  for (const key of device.clues.keys()) if (key.includes(`|${MADE_BY}`)) device.clues.delete(key);
  const row = MAKERS.find(([pattern]) => pattern.test(maker));
  if (row) device.clues.set(`${row[1]}|${MADE_BY}${maker}`, row[2]);
  return judge(device);
}

/** A client got an answer from the device on this port, for the first time in the hour. True if the type changed. */
export function noteServed(device: DeviceState, port: number): boolean {
  const sign = SERVED.get(port);
  return sign ? note(device, sign) : false;
}

/** From here on ports are given to clients (RFC 6335 section 6). */
const FIRST_DYNAMIC_PORT = 49_152;

/** Clients on a port that is none of the known ones are worth counting. */
export const countsClients = (device: DeviceState, port: number): boolean =>
  port < FIRST_DYNAMIC_PORT &&
  !SERVED.has(port) &&
  (device.clues.get(`${USED_BY_OTHERS.type}|${USED_BY_OTHERS.reason}`) ?? 0) < USED_BY_OTHERS.most!;

/** A device that never did so before uses this one. True if the type changed. */
export const noteClient = (device: DeviceState): boolean => note(device, USED_BY_OTHERS);

export const tellsByUse = (port: number): boolean => USED.has(port);

/** The device got an answer on this port from another, for the first time in the hour. True if the type changed. */
export function noteUsed(device: DeviceState, port: number): boolean {
  const sign = USED.get(port);
  return sign ? note(device, sign) : false;
}

/** The name a device gives itself. */
export function noteName(device: DeviceState, name: string): boolean {
  for (const [pattern, type] of NAMES) {
    if (pattern.test(name)) return note(device, { type, reason: `calls itself ${name}`, points: 6 });
  }
  return false;
}

/** The browser a device uses; also tells its operating system. True if anything changed. */
export function noteAgent(device: DeviceState, userAgent: string): boolean {
  for (const [word, type, os, reason] of AGENTS) {
    if (!userAgent.includes(word)) continue;
    const isNew = os !== '' && device.os === '';
    if (isNew) device.os = os;
    return note(device, { type, reason, points: 3 }) || isNew;
  }
  return false;
}

/** What the DHCP client says of itself. */
export function noteVendorClass(device: DeviceState, vendorClass: string): boolean {
  for (const [pattern, sign, os] of VENDOR_CLASSES) {
    if (!pattern.test(vendorClass)) continue;
    device.os ||= os;
    return note(device, sign);
  }
  return false;
}
