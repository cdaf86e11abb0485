/** Ports of one host that a scan tried in vain, from the sequential test on. */
import type { MetricDefinition } from './definition.ts';

export const portScan: MetricDefinition = {
  mlid: 1023,
  name: 'portscan',
  label: 'Scanned Ports',
  units: '',
  doc: 'Ports of one host that a scan tried in vain, from the sequential test on.',
  on: 'portscan',
  measure: (o) => o.size,
  baseline: false,
};
