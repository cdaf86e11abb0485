/** Names that the device asked for. */
import type { MetricDefinition } from './definition.ts';

export const dnsRequests: MetricDefinition = {
  mlid: 11,
  name: 'dnsrequests',
  label: 'DNS Requests',
  units: '',
  doc: 'Names that the device asked for.',
  on: 'lookup',
  measure: () => 1,
  baseline: true,
};
