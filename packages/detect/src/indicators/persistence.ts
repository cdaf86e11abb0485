/** Indicator "Persistence". Share of the hours since first contact in which there was contact, 0-100; shrunk below six hours. */
import { HOUR } from '@thymus/core';
import { activeHours } from '../rarity/pairs.ts';
import type { Indicator } from './definition.ts';

export const persistence: Indicator = {
  name: 'Persistence',
  doc: 'Share of the hours since first contact in which there was contact, 0-100; shrunk below six hours.',
  valueType: 'numeric',
  value: (o) => {
    if (!o.pair) return undefined;
    const hours = Math.min(168, (o.time - o.pair.first) / HOUR + 1);
    return 100 * (activeHours(o.pair) / hours) * Math.min(1, hours / 6);
  },
};
