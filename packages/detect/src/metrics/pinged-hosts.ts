/** Hosts that the device sent an echo request for the first time (RFC 792). */
import type { MetricDefinition } from './definition.ts';

export const pingedHosts: MetricDefinition = {
  mlid: 1026,
  name: 'pingedhosts',
  label: 'Hosts Pinged for the First Time',
  units: '',
  doc: 'Hosts that the device sent an echo request for the first time (RFC 792).',
  on: 'ping',
  measure: () => 1,
  baseline: false,
};
