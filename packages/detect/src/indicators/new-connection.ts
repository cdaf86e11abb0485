/** Indicator "New connection". The device turned to this end, or this internal service, for the first time. */
import { flag, type Indicator } from './definition.ts';

export const newConnection: Indicator = {
  name: 'New connection',
  doc: 'The device turned to this end, or this internal service, for the first time.',
  valueType: 'flag',
  value: (o) => flag(o.isNew),
};
