/** Payload between the device and other devices, both ways. */
import type { MetricDefinition } from './definition.ts';

export const internalTransfer: MetricDefinition = {
  mlid: 4,
  name: 'internaldatatransfervolume',
  label: 'Internal Data Transfer',
  units: 'bytes',
  doc: 'Payload between the device and other devices, both ways.',
  on: 'transfer',
  measure: (o) => (o.external ? 0 : o.up + o.down),
  baseline: true,
  quantum: 10_000,
};
