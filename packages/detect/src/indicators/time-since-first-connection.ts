/** Indicator "Time since first connection". Seconds since the device first turned to the endpoint. */
import type { Indicator } from './definition.ts';

export const timeSinceFirstConnection: Indicator = {
  name: 'Time since first connection',
  doc: 'Seconds since the device first turned to the endpoint.',
  valueType: 'numeric',
  value: (o) => o.pair && Math.max(0, (o.time - o.pair.first) / 1000),
};
