/** Indicator "Network age". Seconds since the first device of the network was seen. */
import type { Indicator } from './definition.ts';

export const networkAge: Indicator = {
  name: 'Network age',
  doc: 'Seconds since the first device of the network was seen.',
  valueType: 'numeric',
  value: (o, world) => (o.time - (world.tracker.devices[0]?.firstSeen ?? o.time)) / 1000,
};
