/** What a device did, or what a breach was about, event by event. */
import Type from 'typebox';
import { flag, responsedata, window } from '../parameters.ts';
import type { Route } from '../route.ts';

/** `eventtype` as clients send it. */
export const EVENT_TYPES = [
  'connection',
  'unusualconnection',
  'newconnection',
  'notice',
  'devicehistory',
  'modelbreach',
] as const;

/** One event; which fields it has depends on `eventType`. */
export type DetailEvent = { time: string; timems: number; action: string; eventType: string } & Record<
  string,
  unknown
>;

export const details = {
  method: 'GET',
  path: '/details',
  doc: 'Events of a device (`did`) or of a breach (`pbid`), newest first; a breach begins with its policybreach event.',
  permission: 'view',
  query: Type.Object({
    did: Type.Optional(Type.Integer()),
    pbid: Type.Optional(Type.Integer()),
    msg: Type.Optional(Type.String({ description: 'Text of notices' })),
    eventtype: Type.Optional(Type.String({ description: EVENT_TYPES.join(', ') })),
    ...window,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: '1000 by default' })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    ddid: Type.Optional(Type.Integer({ description: 'Device at the other end as responder' })),
    odid: Type.Optional(Type.Integer({ description: 'Device at the other end' })),
    externalhostname: Type.Optional(Type.String()),
    intext: Type.Optional(Type.String({ description: 'internal or external' })),
    applicationprotocol: Type.Optional(Type.String()),
    protocol: Type.Optional(Type.String({ description: 'Name, or number of the IP protocol' })),
    port: Type.Optional(Type.Integer()),
    sourceport: Type.Optional(Type.Integer()),
    destinationport: Type.Optional(Type.Integer()),
    uid: Type.Optional(Type.String()),
    deduplicate: Type.Optional(flag('One event per pair of ends, port and protocol')),
    includetotalbytes: Type.Optional(flag('Adds byte totals')),
    fulldevicedetails: Type.Optional(flag('Whole devices')),
    responsedata,
  }),
  reply: Type.Array(Type.Unsafe<DetailEvent>(Type.Object({}, { additionalProperties: true }))),
} as const satisfies Route;
