/** Indicator "Beaconing score". How regular the contacts with the endpoint are in time and size, 0-100. */
import { beaconScore } from '../rarity/beacon.ts';
import type { Indicator } from './definition.ts';

export const beaconingScore: Indicator = {
  name: 'Beaconing score',
  doc: 'How regular the contacts with the endpoint are in time and size, 0-100.',
  valueType: 'numeric',
  value: (o) => o.pair && beaconScore(o.pair),
};
