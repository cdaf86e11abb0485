/** Indicator "Unusual activity". How unusual the count of the metric in this hour is for the device, 0-100: 99.9 is a chance of one in a thousand. */
import type { Indicator } from './definition.ts';

export const unusualActivity: Indicator = {
  name: 'Unusual activity',
  doc: 'How unusual the count of the metric in this hour is for the device, 0-100: 99.9 is a chance of one in a thousand.',
  valueType: 'numeric',
  value: (o, world) => 100 * (1 - world.pattern.chanceOf(o.device, o.life, o.metric)),
  probability: (o, world) => world.pattern.chanceOf(o.device, o.life, o.metric),
};
