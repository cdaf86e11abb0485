/** Devices as the documented API shows them. Absent values are left out, never null. */
import Type, { type Static } from 'typebox';
import { time } from '../parameters.ts';

/** Type names with what people call them; codes where clients are known to send them. */
export const DEVICE_TYPES: readonly { name: string; label: string; code?: number }[] = [
  { name: 'unknown', label: 'Unknown', code: 1 },
  { name: 'laptop', label: 'Laptop', code: 2 },
  { name: 'mobile', label: 'Mobile', code: 3 },
  { name: 'tablet', label: 'Tablet' },
  { name: 'desktop', label: 'Desktop', code: 6 },
  { name: 'server', label: 'Server' },
  { name: 'router', label: 'Router' },
  { name: 'keyasset', label: 'Key Asset', code: 10 },
  { name: 'dnsserver', label: 'DNS Server', code: 12 },
  { name: 'proxyserver', label: 'Proxy Server' },
  { name: 'logserver', label: 'Log Server' },
  { name: 'tv', label: 'TV' },
  { name: 'camera', label: 'Camera' },
  { name: 'fileserver', label: 'File Server' },
  { name: 'ipphone', label: 'IP Phone' },
  { name: 'iot', label: 'IoT' },
  { name: 'printer', label: 'Printer' },
  { name: 'saasprovider', label: 'SaaS Provider' },
  { name: 'virtualdesktop', label: 'Virtual Desktop' },
  { name: 'networkrange', label: 'Network Range' },
];

/** What people call a device type; the name itself where there is no other word. */
export const typeLabel = (name: string): string =>
  DEVICE_TYPES.find((type) => type.name === name)?.label ?? name;

/** The type name of a code or a name, as clients send either; undefined if it is neither. */
export const typeName = (text: string): string | undefined =>
  DEVICE_TYPES.find(({ name, code }) => name === text.toLowerCase() || String(code) === text)?.name;

export const deviceIp = Type.Object({
  ip: Type.String(),
  timems: time('Last use, rounded to the hour'),
  time: Type.String({ description: 'The same as UTC text' }),
  sid: Type.Integer(),
});

const common = {
  did: Type.Integer(),
  ip: Type.Optional(Type.String({ description: 'Current address' })),
  ips: Type.Optional(Type.Array(deviceIp)),
  sid: Type.Optional(Type.Integer({ description: 'Subnet' })),
  macaddress: Type.Optional(Type.String()),
  vendor: Type.Optional(Type.String()),
  hostname: Type.Optional(Type.String()),
  os: Type.Optional(Type.String()),
  devicelabel: Type.Optional(Type.String()),
  typename: Type.Optional(Type.String()),
  typelabel: Type.Optional(Type.String()),
  priority: Type.Optional(Type.Integer({ description: '-5 to 5, left out when 0' })),
  credentials: Type.Optional(
    Type.Array(Type.Object({ credential: Type.String(), lastSeen: time('Last use') })),
  ),
  tags: Type.Optional(Type.Array(Type.Unknown())),
};

/** Inside breaches and searches. */
export const device = Type.Object({
  ...common,
  firstSeen: Type.Optional(time('First seen')),
  lastSeen: Type.Optional(time('Last seen')),
});

/** In /devices, where the times have other names. */
export const listedDevice = Type.Object({
  id: Type.Integer(),
  ...common,
  time: Type.Optional(time('First seen')),
  endtime: Type.Optional(time('Last seen')),
});

export type WireDevice = Static<typeof device>;
export type WireListedDevice = Static<typeof listedDevice>;
