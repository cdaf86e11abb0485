/** Connections that the device opened to other devices. */
import type { MetricDefinition } from './definition.ts';

export const internalConnections: MetricDefinition = {
  mlid: 1001,
  name: 'internalconnections',
  label: 'Internal Connections',
  units: '',
  doc: 'Connections that the device opened to other devices.',
  on: 'connection',
  measure: (o) => (o.outgoing && !o.external ? 1 : 0),
  baseline: true,
};
