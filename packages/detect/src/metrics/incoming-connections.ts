/** Connections that others opened to the device and that it answered. */
import type { MetricDefinition } from './definition.ts';

export const incomingConnections: MetricDefinition = {
  mlid: 1004,
  name: 'incomingconnections',
  label: 'Incoming Connections',
  units: '',
  doc: 'Connections that others opened to the device and that it answered.',
  on: 'connection',
  measure: (o) => (!o.outgoing && !o.failed ? 1 : 0),
  baseline: true,
};
