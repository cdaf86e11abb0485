/** TCP connections to internal addresses that were refused or never answered. */
import type { MetricDefinition } from './definition.ts';

export const failedInternalConnections: MetricDefinition = {
  mlid: 1003,
  name: 'failedinternalconnections',
  label: 'Failed Internal Connections',
  units: '',
  doc: 'TCP connections to internal addresses that were refused or never answered.',
  on: 'connection',
  measure: (o) => (o.outgoing && !o.external && o.failed ? 1 : 0),
  baseline: true,
};
