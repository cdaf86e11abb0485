/** Log-ins that were refused, where the protocol says so. */
import type { MetricDefinition } from './definition.ts';

export const failedLogins: MetricDefinition = {
  mlid: 1020,
  name: 'failedlogins',
  label: 'Failed Log-ins',
  units: '',
  doc: 'Log-ins that were refused, where the protocol says so.',
  on: 'login',
  measure: (o) => (o.failed ? 1 : 0),
  baseline: true,
};
