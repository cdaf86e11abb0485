/** What indicators may look at besides the observation itself. */
import type { Pattern } from './baseline/pattern.ts';
import type { ReferenceData } from './detector.ts';
import type { Tracker } from './devices/tracker.ts';
import type { Rarity } from './rarity/kinds.ts';

export interface World {
  readonly tracker: Tracker;
  readonly rarity: Rarity;
  readonly pattern: Pattern;
  readonly reference: ReferenceData;
}
