/** Indicator "Internal destination device type". Type of the device at the other end. */
import type { Indicator } from './definition.ts';

export const destinationType: Indicator = {
  name: 'Internal destination device type',
  doc: 'Type of the device at the other end.',
  valueType: 'string',
  value: (o) => (o.outgoing ? o.peer?.typename : o.device.typename),
};
