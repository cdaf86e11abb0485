/** All payload of the device, both ways. */
import type { MetricDefinition } from './definition.ts';

export const dataTransfer: MetricDefinition = {
  mlid: 17,
  name: 'datatransfervolume',
  label: 'Data Transfer',
  units: 'bytes',
  doc: 'All payload of the device, both ways.',
  on: 'transfer',
  measure: (o) => o.up + o.down,
  baseline: true,
  quantum: 10_000,
};
