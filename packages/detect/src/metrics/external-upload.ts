/** Payload that the device sent to the outside over connections it opened. */
import type { MetricDefinition } from './definition.ts';

export const externalUpload: MetricDefinition = {
  mlid: 33,
  name: 'externalclientdatatransfervolume',
  label: 'External Data Sent',
  units: 'bytes',
  doc: 'Payload that the device sent to the outside over connections it opened.',
  on: 'transfer',
  measure: (o) => (o.outgoing && o.external ? o.up : 0),
  baseline: true,
  quantum: 10_000,
};
