/** Indicator "Rare JA3 hash". Rarity of the TLS client in the network, 0-100. */
import { rarityFor } from '../rarity/judge.ts';
import type { Indicator } from './definition.ts';

export const rareJa3: Indicator = {
  name: 'Rare JA3 hash',
  doc: 'Rarity of the TLS client in the network, 0-100.',
  valueType: 'numeric',
  value: (o, world) => (o.ja3 === '' ? undefined : rarityFor('ja3', o.ja3, o, world)),
};
