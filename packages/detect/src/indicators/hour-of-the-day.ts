/** Indicator "Hour of the day". Local hour, 0-23. */
import { HOUR, hourOfDay } from '@thymus/core';
import type { Indicator } from './definition.ts';

export const hourOfTheDay: Indicator = {
  name: 'Hour of the day',
  doc: 'Local hour, 0-23.',
  valueType: 'numeric',
  value: (o, world) => hourOfDay(world.pattern.hourAt(o.time) * HOUR),
};
