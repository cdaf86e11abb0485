/** Outside names or addresses that the device never turned to before. */
import type { MetricDefinition } from './definition.ts';

export const newExternalEndpoints: MetricDefinition = {
  mlid: 1011,
  name: 'newexternalendpoints',
  label: 'New External Endpoints',
  units: '',
  doc: 'Outside names or addresses that the device never turned to before.',
  on: 'connection',
  measure: (o) => (o.outgoing && o.external && o.isNew ? 1 : 0),
  baseline: true,
};
