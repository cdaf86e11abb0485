/** The appliance: master with pipeline, API and web interface. */

export { isDemoFolder, ownerOf } from '@thymus/store';
export { CONFIG_SCHEMA, engineOptions, loadApplianceConfig } from './config.ts';
export { Master, type MasterOptions } from './master.ts';
export { loadReference } from './reference.ts';
export { type IntakeSummary, importFiles } from './stages/intake.ts';

/** A job as GET /ui/jobs shows it. */
export interface JobView {
  id: number;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  progress: { done: number; total: number; records: number } | null;
  result: unknown;
}
