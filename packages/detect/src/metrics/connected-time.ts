/** How long connections to the outside lasted, added up. */
import type { MetricDefinition } from './definition.ts';

export const connectedTime: MetricDefinition = {
  mlid: 1008,
  name: 'connectedtime',
  label: 'Time Connected',
  units: 'seconds',
  doc: 'How long connections to the outside lasted, added up.',
  on: 'transfer',
  measure: (o) => (o.outgoing && o.external ? o.duration / 1000 : 0),
  baseline: false,
};
