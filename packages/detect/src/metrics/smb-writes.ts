/** Files written, renamed or deleted on other machines over SMB. */
import type { MetricDefinition } from './definition.ts';

export const smbWrites: MetricDefinition = {
  mlid: 1018,
  name: 'smbwrites',
  label: 'SMB Writes',
  units: '',
  doc: 'Files written, renamed or deleted on other machines over SMB.',
  on: 'file',
  measure: () => 1,
  baseline: true,
};
