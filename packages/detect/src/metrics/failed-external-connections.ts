/** TCP connections to the outside that were refused or never answered. */
import type { MetricDefinition } from './definition.ts';

export const failedExternalConnections: MetricDefinition = {
  mlid: 1002,
  name: 'failedexternalconnections',
  label: 'Failed External Connections',
  units: '',
  doc: 'TCP connections to the outside that were refused or never answered.',
  on: 'connection',
  measure: (o) => (o.outgoing && o.external && o.failed ? 1 : 0),
  baseline: true,
};
