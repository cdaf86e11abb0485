/** Short sessions with a log-in service, too small for work: guesses. */
import type { MetricDefinition } from './definition.ts';

export const loginAttempts: MetricDefinition = {
  mlid: 1019,
  name: 'loginattempts',
  label: 'Log-in Attempts',
  units: '',
  doc: 'Short sessions with a log-in service, too small for work: guesses.',
  on: 'login',
  measure: (o) => o.size,
  baseline: false,
};
