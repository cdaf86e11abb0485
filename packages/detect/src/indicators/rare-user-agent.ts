/** Indicator "Rare user agent". Rarity of the HTTP client in the network, 0-100. */
import { rarityFor } from '../rarity/judge.ts';
import type { Indicator } from './definition.ts';

export const rareUserAgent: Indicator = {
  name: 'Rare user agent',
  doc: 'Rarity of the HTTP client in the network, 0-100.',
  valueType: 'numeric',
  value: (o, world) => (o.userAgent === '' ? undefined : rarityFor('agent', o.userAgent, o, world)),
};
