/** Outside names or addresses that the device turned to, each once an hour. */
import type { MetricDefinition } from './definition.ts';

export const uniqueExternalEndpoints: MetricDefinition = {
  mlid: 1010,
  name: 'uniqueexternalendpoints',
  label: 'Unique External Endpoints',
  units: '',
  doc: 'Outside names or addresses that the device turned to, each once an hour.',
  on: 'connection',
  measure: (o) => (o.outgoing && o.external && o.isFirstThisHour ? 1 : 0),
  baseline: true,
};
