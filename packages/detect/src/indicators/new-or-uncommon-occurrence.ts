/** Indicator "New or uncommon occurrence". Rarity of the message (model, operation, share, credential) in the network, 0-100. */
import type { ObservationKind } from '../observation.ts';
import { rarityFor } from '../rarity/judge.ts';
import type { RarityKind } from '../rarity/kinds.ts';
import type { Indicator } from './definition.ts';

const OCCURRENCES: Partial<Record<ObservationKind, RarityKind>> = {
  admin: 'operation',
  file: 'share',
  credential: 'credential',
  breach: 'model',
};

export const newOrUncommonOccurrence: Indicator = {
  name: 'New or uncommon occurrence',
  doc: 'Rarity of the message (model, operation, share, credential) in the network, 0-100.',
  valueType: 'numeric',
  value: (o, world) => {
    const kind = OCCURRENCES[o.kind];
    return kind && o.message !== '' ? rarityFor(kind, o.message, o, world) : undefined;
  },
};
