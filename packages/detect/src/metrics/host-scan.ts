/** Hosts that a scan tried in vain, from the sequential test on. */
import type { MetricDefinition } from './definition.ts';

export const hostScan: MetricDefinition = {
  mlid: 1022,
  name: 'hostscan',
  label: 'Scanned Hosts',
  units: '',
  doc: 'Hosts that a scan tried in vain, from the sequential test on.',
  on: 'hostscan',
  measure: (o) => o.size,
  baseline: false,
};
