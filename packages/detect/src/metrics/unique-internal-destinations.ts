/** Internal addresses that the device turned to, each once an hour. */
import type { MetricDefinition } from './definition.ts';

export const uniqueInternalDestinations: MetricDefinition = {
  mlid: 1009,
  name: 'uniqueinternaldestinations',
  label: 'Unique Internal Destinations',
  units: '',
  doc: 'Internal addresses that the device turned to, each once an hour.',
  on: 'connection',
  measure: (o) => (o.outgoing && !o.external && o.isFirstThisHour ? 1 : 0),
  baseline: true,
};
