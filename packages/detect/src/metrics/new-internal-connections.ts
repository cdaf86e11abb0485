/** Internal addresses and services that the device never turned to before, and that answered. */
import type { MetricDefinition } from './definition.ts';

export const newInternalConnections: MetricDefinition = {
  mlid: 1012,
  name: 'newinternalconnections',
  label: 'New Internal Connections',
  units: '',
  doc: 'Internal addresses and services that the device never turned to before, and that answered.',
  on: 'connection',
  measure: (o) => (o.outgoing && !o.external && o.isNew && !o.failed ? 1 : 0),
  baseline: true,
};
