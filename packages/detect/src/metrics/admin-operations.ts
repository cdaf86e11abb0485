/** Remote calls and sessions that administer another machine. */
import type { MetricDefinition } from './definition.ts';

export const adminOperations: MetricDefinition = {
  mlid: 1017,
  name: 'adminoperations',
  label: 'Administrative Operations',
  units: '',
  doc: 'Remote calls and sessions that administer another machine.',
  on: 'admin',
  measure: () => 1,
  baseline: true,
};
