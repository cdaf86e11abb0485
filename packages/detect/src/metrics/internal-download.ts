/** Payload that the device fetched from other devices. */
import type { MetricDefinition } from './definition.ts';

export const internalDownload: MetricDefinition = {
  mlid: 1006,
  name: 'internaldownloadvolume',
  label: 'Internal Data Received',
  units: 'bytes',
  doc: 'Payload that the device fetched from other devices.',
  on: 'transfer',
  measure: (o) => (o.outgoing && !o.external ? o.down : 0),
  baseline: true,
  quantum: 10_000,
};
