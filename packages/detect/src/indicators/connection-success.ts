/** Indicator "Connection success". Share of connections to the endpoint that were answered, 0-100. */
import type { Indicator } from './definition.ts';

export const connectionSuccess: Indicator = {
  name: 'Connection success',
  doc: 'Share of connections to the endpoint that were answered, 0-100.',
  valueType: 'numeric',
  value: (o) => (o.pair && o.pair.count > 0 ? (100 * o.pair.answered) / o.pair.count : undefined),
};
