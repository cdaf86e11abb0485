/** Indicator "Direction". Who opened the connection: out = the device. */
import type { Indicator } from './definition.ts';

export const direction: Indicator = {
  name: 'Direction',
  doc: 'Who opened the connection: out = the device.',
  valueType: 'string',
  value: (o) => (o.outgoing ? 'out' : 'in'),
};
