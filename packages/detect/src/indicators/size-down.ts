/** Indicator "Individual size down". Payload bytes that the device received. */
import type { Indicator } from './definition.ts';

export const sizeDown: Indicator = {
  name: 'Individual size down',
  doc: 'Payload bytes that the device received.',
  valueType: 'numeric',
  value: (o) => o.down,
};
