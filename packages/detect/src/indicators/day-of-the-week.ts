/** Indicator "Day of the week". Local day, 1 = Monday to 7 = Sunday. */
import { HOUR, weekday } from '@thymus/core';
import type { Indicator } from './definition.ts';

export const dayOfTheWeek: Indicator = {
  name: 'Day of the week',
  doc: 'Local day, 1 = Monday to 7 = Sunday.',
  valueType: 'numeric',
  value: (o, world) => weekday(world.pattern.hourAt(o.time) * HOUR) + 1,
};
