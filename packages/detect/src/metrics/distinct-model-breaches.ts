/** A model breached that had not within the hour. */
import type { MetricDefinition } from './definition.ts';

export const distinctModelBreaches: MetricDefinition = {
  mlid: 1025,
  name: 'distinctmodelbreaches',
  label: 'Distinct Model Breaches',
  units: '',
  doc: 'A model breached that had not within the hour.',
  on: 'breach',
  measure: (o) => (o.isNew ? 1 : 0),
  baseline: false,
};
