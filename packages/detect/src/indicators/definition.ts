/** What an indicator is: a fact about an observation that filters of models compare. */
import type { Observation } from '../observation.ts';
import type { World } from '../world.ts';

export interface Indicator {
  /** The filter type of the API. */
  name: string;
  /** One sentence for docs and the model editor; with unit and range where it is a number. */
  doc: string;
  valueType: 'numeric' | 'string' | 'flag';
  /** Undefined where the observation does not have it: then only negative comparators hold. */
  value: (o: Observation, world: World) => string | number | undefined;
  /** Chance that a usual observation of this device would pass the filter, where the past says so. */
  probability?: (o: Observation, world: World) => number;
}

/** A flag as the API writes it. */
export const flag = (is: boolean): string => (is ? 'true' : 'false');
