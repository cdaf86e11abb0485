/** Payload that the device received from the outside over connections it opened. */
import type { MetricDefinition } from './definition.ts';

export const externalDownload: MetricDefinition = {
  mlid: 1005,
  name: 'externaldownloadvolume',
  label: 'External Data Received',
  units: 'bytes',
  doc: 'Payload that the device received from the outside over connections it opened.',
  on: 'transfer',
  measure: (o) => (o.outgoing && o.external ? o.down : 0),
  baseline: true,
  quantum: 10_000,
};
