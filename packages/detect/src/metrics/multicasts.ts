/** Multicast and broadcast flows that the device sent. */
import type { MetricDefinition } from './definition.ts';

export const multicasts: MetricDefinition = {
  mlid: 13,
  name: 'multicasts',
  label: 'Multicasts',
  units: '',
  doc: 'Multicast and broadcast flows that the device sent.',
  on: 'multicast',
  measure: () => 1,
  baseline: true,
};
