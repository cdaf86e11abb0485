/** Indicator "Rare domain". Rarity of the domain in the network, 0-100; nothing for addresses without a name. */
import { noveltyChance, rarityFor } from '../rarity/judge.ts';
import type { Indicator } from './definition.ts';

export const rareDomain: Indicator = {
  name: 'Rare domain',
  doc: 'Rarity of the domain in the network, 0-100; nothing for addresses without a name.',
  valueType: 'numeric',
  value: (o, world) => (o.external && o.domain !== '' ? rarityFor('domain', o.domain, o, world) : undefined),
  probability: noveltyChance,
};
