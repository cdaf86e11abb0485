/** Indicator "Rare destination port". Rarity of the port for connections to the outside, 0-100. */
import { rarityFor } from '../rarity/judge.ts';
import type { Indicator } from './definition.ts';

export const rareDestinationPort: Indicator = {
  name: 'Rare destination port',
  doc: 'Rarity of the port for connections to the outside, 0-100.',
  valueType: 'numeric',
  value: (o, world) =>
    o.external && o.port > 0 ? rarityFor('port', `${o.proto}/${o.port}`, o, world) : undefined,
};
