/** Devices and subnets. */
import Type from 'typebox';
import { flag, numbers, responsedata, texts, time } from '../parameters.ts';
import type { Route } from '../route.ts';
import { listedDevice } from '../shapes/device.ts';

export const devices = {
  method: 'GET',
  path: '/devices',
  doc: 'Devices, last seen first; one object if a single device is asked for by did, ip or mac.',
  permission: 'view',
  query: Type.Object({
    did: Type.Optional(numbers('Devices')),
    ip: Type.Optional(Type.String({ description: 'Current address' })),
    iptime: Type.Optional(
      Type.String({ description: 'Who had the address at this time (UTC text)', format: 'utc' }),
    ),
    mac: Type.Optional(Type.String()),
    sid: Type.Optional(Type.Integer({ description: 'Subnet' })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    seensince: Type.Optional(
      Type.String({ description: 'Span such as 7days, 2min, 1hour, or seconds; 7 days by default' }),
    ),
    includetags: Type.Optional(flag('Adds tags')),
    saasfilter: Type.Optional(texts('Cloud services, * as wildcard')),
    responsedata,
  }),
  reply: Type.Union([Type.Array(listedDevice), listedDevice]),
} as const satisfies Route;

export const editDevice = {
  method: 'POST',
  path: '/devices',
  doc: 'Changes what people decide about a device.',
  permission: 'devices',
  body: Type.Object({
    did: Type.Integer(),
    label: Type.Optional(Type.String({ maxLength: 200 })),
    priority: Type.Optional(Type.Integer({ minimum: -5, maximum: 5 })),
    type: Type.Optional(Type.String({ maxLength: 40, description: 'Name or code of a type' })),
  }),
  reply: Type.Object({ response: Type.Literal('SUCCESS'), device: listedDevice }),
} as const satisfies Route;

export const subnets = {
  method: 'GET',
  path: '/subnets',
  doc: 'Subnets in which devices were seen.',
  permission: 'view',
  query: Type.Object({
    sid: Type.Optional(Type.Integer()),
    seensince: Type.Optional(Type.String({ description: 'As for /devices' })),
    responsedata,
  }),
  reply: Type.Array(
    Type.Object({
      sid: Type.Integer(),
      auto: Type.Boolean(),
      dhcp: Type.Boolean({ description: 'Leases were seen here' }),
      firstSeen: time('First seen'),
      label: Type.String(),
      lastSeen: time('Last seen'),
      network: Type.String({ description: 'CIDR' }),
      shid: Type.Integer(),
      uniqueHostnames: Type.Boolean(),
      uniqueUsernames: Type.Boolean(),
      dhcpCount: Type.Integer(),
      clientDevices: Type.Integer(),
      serverDevices: Type.Integer(),
      icsDevices: Type.Integer(),
      mostRecentTraffic: time('Last traffic'),
    }),
  ),
} as const satisfies Route;
