/** Indicator "Internal source device type". Type of the device that opened the connection. */
import type { Indicator } from './definition.ts';

export const sourceType: Indicator = {
  name: 'Internal source device type',
  doc: 'Type of the device that opened the connection.',
  valueType: 'string',
  value: (o) => (o.outgoing ? o.device.typename : o.peer?.typename),
};
