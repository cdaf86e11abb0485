/** A model breached on the device. */
import type { MetricDefinition } from './definition.ts';

export const modelBreaches: MetricDefinition = {
  mlid: 234,
  name: 'dtmodelbreach',
  label: 'Model Breaches',
  units: '',
  doc: 'A model breached on the device.',
  on: 'breach',
  measure: () => 1,
  baseline: false,
};
