/** Indicator "Device age". Seconds since the device was first seen. */
import type { Indicator } from './definition.ts';

export const deviceAge: Indicator = {
  name: 'Device age',
  doc: 'Seconds since the device was first seen.',
  valueType: 'numeric',
  value: (o) => (o.time - o.device.firstSeen) / 1000,
};
