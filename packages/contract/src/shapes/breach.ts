/** Model breaches as the documented API shows them. MSSP guide, Appendix B. */
import Type, { type Static } from 'typebox';
import { time } from '../parameters.ts';
import { device } from './device.ts';
import { logic, metric, minimalModel, model } from './model.ts';

export const triggeredFilter = Type.Object({
  cfid: Type.Integer(),
  id: Type.String(),
  filterType: Type.String(),
  comparatorType: Type.String(),
  arguments: Type.Object({ value: Type.String() }),
  trigger: Type.Object({ value: Type.String() }),
});

export const triggeredComponent = Type.Object({
  time: time('When it triggered'),
  cbid: Type.Integer({ description: 'This triggering' }),
  cid: Type.Integer({ description: 'The component' }),
  chid: Type.Integer({ description: 'Its version' }),
  size: Type.Number(),
  threshold: Type.Number(),
  interval: Type.Number({ description: 'Seconds' }),
  logic,
  metric,
  ip: Type.Optional(Type.String()),
  port: Type.Optional(Type.Integer()),
  triggeredFilters: Type.Array(triggeredFilter),
  device: Type.Optional(device),
});

const anyModel = Type.Union([model, minimalModel]);

export const breach = Type.Object({
  pbid: Type.Integer(),
  time: time('Last record that triggered it'),
  creationTime: Type.Optional(time('When it was recorded')),
  commentCount: Type.Integer(),
  score: Type.Number({ description: '0 to 1' }),
  percentscore: Type.Integer({ description: '0 to 100' }),
  pbscore: Type.Optional(Type.Number()),
  devicescore: Type.Optional(Type.Number()),
  acknowledged: Type.Optional(Type.Boolean()),
  suppressed: Type.Optional(Type.Boolean()),
  learning: Type.Optional(
    Type.Boolean({ description: 'Ours: the device was still being learned; left out where it was not' }),
  ),
  // biome-ignore lint/suspicious/noThenProperty: the name that Appendix B gives it
  model: Type.Union([Type.Object({ then: anyModel, now: anyModel }), anyModel]),
  triggeredComponents: Type.Array(triggeredComponent),
  device: Type.Optional(device),
  breachUrl: Type.Optional(Type.String()),
});

export type WireBreach = Static<typeof breach>;
export type WireTriggeredComponent = Static<typeof triggeredComponent>;

/** A score of 0 to 1 as the whole percentage that people see. */
export const percent = (score: number): number => Math.round(Math.min(1, Math.max(0, score)) * 100);
