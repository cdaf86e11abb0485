/** HTTP requests to the outside. */
import type { MetricDefinition } from './definition.ts';

export const httpRequests: MetricDefinition = {
  mlid: 1016,
  name: 'httprequests',
  label: 'HTTP Requests',
  units: '',
  doc: 'HTTP requests to the outside.',
  on: 'request',
  measure: (o) => (o.outgoing && o.external ? 1 : 0),
  baseline: true,
};
