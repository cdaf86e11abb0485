/** Connections that the device opened to the outside. */
import type { MetricDefinition } from './definition.ts';

export const externalConnections: MetricDefinition = {
  mlid: 1,
  name: 'externalconnections',
  label: 'External Connections',
  units: '',
  doc: 'Connections that the device opened to the outside.',
  on: 'connection',
  measure: (o) => (o.outgoing && o.external ? 1 : 0),
  baseline: true,
};
