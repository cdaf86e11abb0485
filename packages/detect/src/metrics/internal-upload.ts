/** Payload that the device put on other devices. */
import type { MetricDefinition } from './definition.ts';

export const internalUpload: MetricDefinition = {
  mlid: 1007,
  name: 'internaluploadvolume',
  label: 'Internal Data Sent',
  units: 'bytes',
  doc: 'Payload that the device put on other devices.',
  on: 'transfer',
  measure: (o) => (o.outgoing && !o.external ? o.up : 0),
  baseline: true,
  quantum: 10_000,
};
