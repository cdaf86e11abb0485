/** Connections that the device opened. */
import type { MetricDefinition } from './definition.ts';

export const connections: MetricDefinition = {
  mlid: 16,
  name: 'connections',
  label: 'Connections',
  units: '',
  doc: 'Connections that the device opened.',
  on: 'connection',
  measure: (o) => (o.outgoing ? 1 : 0),
  baseline: true,
};
