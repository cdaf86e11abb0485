/** Indicator "Peer ratio". The metric in this hour, as a multiple of the largest hours of devices of the same type. */
import type { Indicator } from './definition.ts';

export const peerRatio: Indicator = {
  name: 'Peer ratio',
  doc: 'The metric in this hour, as a multiple of what 999 of 1,000 hours of devices of the same type stay below.',
  valueType: 'numeric',
  value: (o, world) => world.pattern.peerRatio(o.device, o.life, o.metric),
};
