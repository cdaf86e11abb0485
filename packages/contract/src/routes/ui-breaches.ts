/** Why a breach scored as it did, and the graph of a metric with what was usual. */
import Type from 'typebox';
import { id, time } from '../parameters.ts';
import type { Route } from '../route.ts';

const filter = Type.Object({
  type: Type.String(),
  comparator: Type.String(),
  value: Type.Union([Type.String(), Type.Number()]),
});

export const explainedComponent = Type.Object({
  index: Type.Integer({ description: "Position in the model's components" }),
  cid: Type.Integer(),
  metric: Type.String(),
  label: Type.String({ description: 'Name of the metric for people' }),
  unit: Type.String({ description: 'Unit of size, threshold and usual: "bytes", "connections"' }),
  time: time('When it triggered'),
  size: Type.Number(),
  threshold: Type.Number(),
  interval: Type.Number({ description: 'Seconds' }),
  usual: Type.Optional(
    Type.Object({ low: Type.Number(), median: Type.Number(), high: Type.Number(), hours: Type.Number() }),
  ),
  probability: Type.Optional(Type.Number({ description: 'Chance of a value this high on a usual day' })),
  filters: Type.Array(Type.Object({ filter, value: Type.Union([Type.String(), Type.Number()]) })),
  evidence: Type.Object({
    from: time('Start'),
    to: time('End'),
    uids: Type.Array(Type.String()),
    endpoint: Type.Optional(Type.String()),
    port: Type.Optional(Type.Integer()),
  }),
});

export const scoreParts = Type.Object({
  priority: Type.Integer({ minimum: 0, maximum: 5 }),
  base: Type.Number(),
  probability: Type.Number(),
  behaviour: Type.String(),
  deviceRepeats: Type.Number(),
  networkRepeats: Type.Number(),
  learningFactor: Type.Number(),
});

export const explainBreach = {
  method: 'GET',
  path: '/ui/breaches/:pbid',
  doc: 'The parts of the score, every component with what was seen, required and usual, and whether the model changed since.',
  permission: 'view',
  params: Type.Object({ pbid: id('Breach') }),
  reply: Type.Object({
    pbid: Type.Integer(),
    did: Type.Integer(),
    time: time('When it breached'),
    score: Type.Number(),
    pbscore: Type.Number({ description: 'Before habituation' }),
    parts: scoreParts,
    components: Type.Array(explainedComponent),
    model: Type.Object({
      name: Type.String(),
      description: Type.String(),
      action: Type.String({ description: 'What to look at next' }),
      changed: Type.Boolean({ description: 'The model is another one now than it was then' }),
    }),
    suppressed: Type.Boolean(),
    learning: Type.Boolean(),
    delayed: Type.Boolean(),
    acknowledged: Type.Optional(Type.Object({ time: time('When'), username: Type.String() })),
  }),
} as const satisfies Route;

export const uiMetricData = {
  method: 'GET',
  path: '/ui/metricdata',
  doc: 'A metric of a device over time, and the band that was usual for it.',
  permission: 'view',
  query: Type.Object({
    did: id('Device'),
    metric: Type.String(),
    from: time('Start'),
    to: time('End, exclusive'),
    interval: Type.Optional(
      Type.Integer({ minimum: 1000, description: 'Step in ms; by default about 300 steps' }),
    ),
  }),
  reply: Type.Object({
    metric: Type.Object({ name: Type.String(), label: Type.String(), unit: Type.String() }),
    interval: Type.Number({ description: 'Step in ms' }),
    observed: Type.Array(Type.Object({ time: time('Start of the step'), value: Type.Number() })),
    band: Type.Array(
      Type.Object({
        time: time('Start of the hour'),
        low: Type.Number(),
        median: Type.Number(),
        high: Type.Number(),
      }),
      { description: 'Scaled from an hour to the step' },
    ),
  }),
} as const satisfies Route;
