/** Metrics, and their values over time. */
import Type from 'typebox';
import { flag, id, numbers, responsedata, texts, time, window } from '../parameters.ts';
import type { Route } from '../route.ts';

export const metricInfo = Type.Object({
  mlid: Type.Integer(),
  name: Type.String(),
  label: Type.String(),
  units: Type.String(),
  filtertypes: Type.Array(Type.String()),
  unitsinterval: Type.Integer({ description: 'Seconds' }),
  lengthscale: Type.Integer({ description: 'Seconds' }),
});

export const metrics = {
  method: 'GET',
  path: '/metrics',
  doc: 'Metrics that models count and that graphs can show.',
  permission: 'view',
  query: Type.Object({ responsedata }),
  reply: Type.Array(metricInfo),
} as const satisfies Route;

export const metricByMlid = {
  method: 'GET',
  path: '/metrics/:mlid',
  doc: 'One metric.',
  permission: 'view',
  params: Type.Object({ mlid: id('Metric') }),
  query: Type.Object({ responsedata }),
  reply: metricInfo,
} as const satisfies Route;

export const metricdata = {
  method: 'GET',
  path: '/metricdata',
  doc: 'Metrics over time, the last hour by default; also `metric1`, `metric2` and so on.',
  permission: 'view',
  query: Type.Object({
    did: Type.Optional(Type.Integer({ description: 'Device; the whole network if left out' })),
    metric: Type.Optional(texts('Names of metrics')),
    ...window,
    interval: Type.Optional(Type.Integer({ minimum: 1, description: 'Step in seconds, 60 by default' })),
    breachtimes: Type.Optional(flag('Adds the breaches of the window')),
    ddid: Type.Optional(Type.Integer()),
    odid: Type.Optional(Type.Integer()),
    port: Type.Optional(Type.Integer()),
    sourceport: Type.Optional(Type.Integer()),
    destinationport: Type.Optional(Type.Integer()),
    protocol: Type.Optional(Type.String()),
    applicationprotocol: Type.Optional(Type.String()),
    devices: Type.Optional(numbers('Refused: ask device by device')),
    responsedata,
  }),
  reply: Type.Array(
    Type.Union([
      Type.Object({
        metric: Type.String(),
        data: Type.Array(
          Type.Object({
            time: Type.String(),
            timems: time('Start of the step'),
            size: Type.Number(),
            in: Type.Number(),
            out: Type.Number(),
          }),
        ),
      }),
      Type.Object({
        breachtimes: Type.Array(
          Type.Object({
            pid: Type.Integer(),
            pbid: Type.Integer(),
            score: Type.Number(),
            name: Type.String(),
            time: time('When it breached'),
          }),
        ),
      }),
    ]),
  ),
} as const satisfies Route;
