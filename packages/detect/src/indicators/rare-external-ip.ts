/** Indicator "Rare external IP". Rarity of the address in the network, 0-100; nothing where a name is known. */
import { noveltyChance, rarityFor } from '../rarity/judge.ts';
import type { Indicator } from './definition.ts';

export const rareExternalIp: Indicator = {
  name: 'Rare external IP',
  doc: 'Rarity of the address in the network, 0-100; nothing where a name is known.',
  valueType: 'numeric',
  value: (o, world) => (o.external && o.domain === '' ? rarityFor('ip', o.ip, o, world) : undefined),
  probability: noveltyChance,
};
