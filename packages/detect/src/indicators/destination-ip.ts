/** Indicator "Destination IP". Address of the other end. */
import type { Indicator } from './definition.ts';

export const destinationIp: Indicator = {
  name: 'Destination IP',
  doc: 'Address of the other end.',
  valueType: 'string',
  value: (o) => o.ip || undefined,
};
