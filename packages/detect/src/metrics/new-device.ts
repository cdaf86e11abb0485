/** The device was seen for the first time. */
import type { MetricDefinition } from './definition.ts';

export const newDevice: MetricDefinition = {
  mlid: 1024,
  name: 'newdevice',
  label: 'New Device',
  units: '',
  doc: 'The device was seen for the first time.',
  on: 'device',
  measure: () => 1,
  baseline: false,
};
