/** Indicator "Country". ISO code of the country of the other end. */
import type { Indicator } from './definition.ts';

export const country: Indicator = {
  name: 'Country',
  doc: 'ISO code of the country of the other end.',
  valueType: 'string',
  value: (o, world) => (o.external ? world.reference.country(o.ip) || undefined : undefined),
};
