/** Indicator "Failed connection". Nobody answered, or the other end refused. */
import { flag, type Indicator } from './definition.ts';

export const failedConnection: Indicator = {
  name: 'Failed connection',
  doc: 'Nobody answered, or the other end refused.',
  valueType: 'flag',
  value: (o) => flag(o.failed),
};
