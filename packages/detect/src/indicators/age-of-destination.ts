/** Indicator "Age of destination". Seconds since the network first turned to the endpoint. */
import type { Indicator } from './definition.ts';

export const ageOfDestination: Indicator = {
  name: 'Age of destination',
  doc: 'Seconds since the network first turned to the endpoint.',
  valueType: 'numeric',
  value: (o, world) => {
    if (!o.external) return undefined;
    const table = o.domain === '' ? world.rarity.ip : world.rarity.domain;
    const first = table.firstUse(o.domain || o.ip);
    return first === undefined ? 0 : Math.max(0, (o.time - first) / 1000);
  },
};
