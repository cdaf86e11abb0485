/** Credentials that were never used on the device before. */
import type { MetricDefinition } from './definition.ts';

export const newCredentials: MetricDefinition = {
  mlid: 1021,
  name: 'newcredentials',
  label: 'New Credentials',
  units: '',
  doc: 'Credentials that were never used on the device before.',
  on: 'credential',
  measure: (o) => (o.isNew ? 1 : 0),
  baseline: false,
};
