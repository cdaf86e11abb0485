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

/** An administrator turns to new machines as a habit: nobody else doing it makes that no less usual. */
const HABIT = 0.5;

export const newOrUncommonOccurrence: Indicator = {
  name: 'New or uncommon occurrence',
  doc: 'Rarity of the message (model, operation, share, credential) in the network, 0-100; half where the device has done it for more than a day.',
  valueType: 'numeric',
  value: (o, world) => {
    const kind = OCCURRENCES[o.kind];
    if (!kind || o.message === '') return undefined;
    return rarityFor(kind, o.message, o, world) * (o.isHabit ? HABIT : 1);
  },
};
