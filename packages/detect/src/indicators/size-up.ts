/** Indicator "Individual size up". Payload bytes that the device sent. */
import type { Indicator } from './definition.ts';

export const sizeUp: Indicator = {
  name: 'Individual size up',
  doc: 'Payload bytes that the device sent.',
  valueType: 'numeric',
  value: (o) => o.up,
};
