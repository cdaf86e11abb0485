/** What kind of machine a device is, from what it serves, asks for and calls itself. Names are those of the API (reference 5.1). */
import type { DeviceState } from './state.ts';

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
export function noteClue(device: DeviceState, type: string, reason: string, points: number): boolean {
  const key = `${type}|${reason}`;
  const sum = device.clues.get(key) ?? 0;
  if (sum >= MAX_POINTS || (sum === 0 && device.clues.size >= MAX_CLUES)) return false;
  device.clues.set(key, sum + points);
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

interface ServedPort {
  type: string;
  reason: string;
}

const SERVED = new Map<number, ServedPort>([
  [53, { type: 'dnsserver', reason: 'answers DNS' }],
  [80, { type: 'server', reason: 'serves web pages' }],
  [443, { type: 'server', reason: 'serves TLS' }],
  [22, { type: 'server', reason: 'serves SSH' }],
  [25, { type: 'server', reason: 'takes mail' }],
  [88, { type: 'server', reason: 'answers Kerberos' }],
  [389, { type: 'server', reason: 'answers LDAP' }],
  [445, { type: 'fileserver', reason: 'serves files over SMB' }],
  [2049, { type: 'fileserver', reason: 'serves files over NFS' }],
  [1433, { type: 'server', reason: 'serves SQL Server' }],
  [3306, { type: 'server', reason: 'serves MySQL' }],
  [5432, { type: 'server', reason: 'serves PostgreSQL' }],
  [3128, { type: 'proxyserver', reason: 'serves as web proxy' }],
  [514, { type: 'logserver', reason: 'takes syslog' }],
  [631, { type: 'printer', reason: 'prints over IPP' }],
  [515, { type: 'printer', reason: 'prints over LPD' }],
  [9100, { type: 'printer', reason: 'prints over port 9100' }],
  [554, { type: 'camera', reason: 'streams over RTSP' }],
]);

/** A client got an answer from the device on this port. Weighs one point per client and port, so that five make a server. */
export function noteServed(device: DeviceState, port: number): boolean {
  const served = SERVED.get(port);
  return served ? noteClue(device, served.type, served.reason, served.type === 'printer' ? 3 : 1) : false;
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(desktop|pc|ws|wks|workstation)[-_0-9]/, 'desktop'],
  [/^(laptop|nb|notebook)[-_0-9]|macbook/, 'laptop'],
  [/^(srv|server|dc|sql|exch)[-_0-9]|server$/, 'server'],
  [/iphone|android|galaxy|pixel/, 'mobile'],
  [/ipad/, 'tablet'],
  [/^(prn|prt|printer|npi[0-9a-f]{6}|brn|epson|canon)/, 'printer'],
  [/^(cam|ipcam)[-_0-9]/, 'camera'],
];

/** The name a device gives itself. */
export function noteName(device: DeviceState, name: string): boolean {
  for (const [pattern, type] of NAMES) {
    if (pattern.test(name)) return noteClue(device, type, `calls itself ${name}`, 6);
  }
  return false;
}

const AGENTS: readonly (readonly [string, string, string, string])[] = [
  ['iPhone', 'mobile', 'iOS', 'browses as an iPhone'],
  ['iPad', 'tablet', 'iPadOS', 'browses as an iPad'],
  ['Android', 'mobile', 'Android', 'browses as an Android device'],
  ['SmartTV', 'tv', '', 'browses as a television'],
  ['Tizen', 'tv', '', 'browses as a television'],
  ['Windows NT', 'desktop', 'Windows', 'browses from Windows'],
  ['Macintosh', 'desktop', 'macOS', 'browses from a Mac'],
  ['X11; Linux', 'desktop', 'Linux', 'browses from Linux'],
];

/** The browser a device uses; also tells its operating system. True if anything changed. */
export function noteAgent(device: DeviceState, userAgent: string): boolean {
  for (const [word, type, os, reason] of AGENTS) {
    if (!userAgent.includes(word)) continue;
    const isNew = os !== '' && device.os === '';
    if (isNew) device.os = os;
    return noteClue(device, type, reason, 3) || isNew;
  }
  return false;
}

/** What the DHCP client says of itself (option 60, RFC 2132 section 9.13). */
export function noteVendorClass(device: DeviceState, vendorClass: string): boolean {
  if (vendorClass.startsWith('MSFT')) {
    device.os ||= 'Windows';
    return noteClue(device, 'desktop', 'asks DHCP as Windows', 3);
  }
  if (vendorClass.startsWith('android-dhcp')) {
    device.os ||= 'Android';
    return noteClue(device, 'mobile', 'asks DHCP as Android', 5);
  }
  return false;
}
