/** Devices for the web interface: a page per device, and the list behind the search box. */
import Type from 'typebox';
import { id, time } from '../parameters.ts';
import type { Route } from '../route.ts';

export const uiDevice = Type.Object({
  did: Type.Integer(),
  ip: Type.Optional(Type.String()),
  ips: Type.Array(Type.Object({ ip: Type.String(), lastSeen: time('Last use'), sid: Type.Integer() })),
  mac: Type.Optional(Type.String()),
  vendor: Type.Optional(Type.String()),
  hostname: Type.Optional(Type.String()),
  label: Type.Optional(Type.String()),
  os: Type.Optional(Type.String()),
  typename: Type.String(),
  typelabel: Type.String(),
  typeReasons: Type.Array(Type.String()),
  priority: Type.Integer(),
  sid: Type.Integer(),
  network: Type.Optional(Type.String({ description: 'Range of its subnet' })),
  firstSeen: time('First seen'),
  lastSeen: time('Last seen'),
  credentials: Type.Array(Type.Object({ credential: Type.String(), lastSeen: time('Last use') })),
  hoursLearned: Type.Number(),
  stage: Type.Union([Type.Literal('learning'), Type.Literal('young'), Type.Literal('mature')]),
  score: Type.Number(),
});

export const uiDeviceByDid = {
  method: 'GET',
  path: '/ui/devices/:did',
  doc: 'All that is known about a device.',
  permission: 'view',
  params: Type.Object({ did: id('Device') }),
  reply: uiDevice,
} as const satisfies Route;

export const uiDevices = {
  method: 'GET',
  path: '/ui/devices',
  doc: 'Devices whose name, label, address or MAC holds a text, last seen first.',
  permission: 'view',
  query: Type.Object({
    q: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: '100 by default' })),
  }),
  reply: Type.Object({
    total: Type.Integer({ description: 'Devices altogether' }),
    devices: Type.Array(uiDevice),
  }),
} as const satisfies Route;
