/** Indicator "Rare external endpoint". Rarity of the other end by domain, or by address and provider, 0-100. */
import { endpointRarity, noveltyChance } from '../rarity/judge.ts';
import type { Indicator } from './definition.ts';

export const rareExternalEndpoint: Indicator = {
  name: 'Rare external endpoint',
  doc: 'Rarity of the other end by domain, or by address and provider, 0-100.',
  valueType: 'numeric',
  value: endpointRarity,
  probability: noveltyChance,
};
