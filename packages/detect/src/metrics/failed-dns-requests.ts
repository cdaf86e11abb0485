/** Names that the device asked for and that do not exist (RFC 8020). */
import type { MetricDefinition } from './definition.ts';

export const failedDnsRequests: MetricDefinition = {
  mlid: 1013,
  name: 'nxdomains',
  label: 'Names That Do Not Exist',
  units: '',
  doc: 'Names that the device asked for and that do not exist (RFC 8020).',
  on: 'lookup',
  measure: (o) => (o.failed ? 1 : 0),
  baseline: true,
};
