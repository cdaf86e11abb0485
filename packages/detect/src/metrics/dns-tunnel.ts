/** New information in the names asked for below one base domain. */
import type { MetricDefinition } from './definition.ts';

export const dnsTunnel: MetricDefinition = {
  mlid: 1014,
  name: 'dnsinformation',
  label: 'Information in DNS Names',
  units: 'bits',
  doc: 'New information in the names asked for below one base domain.',
  on: 'tunnel',
  measure: (o) => o.size,
  baseline: false,
};
