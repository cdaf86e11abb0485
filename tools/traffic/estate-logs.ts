/** The records of a simulated estate as Zeek logs in a folder, as another sensor would hand them over. */
import { createRecordWriter } from '../../packages/capture/src/index.ts';
import { demoEstate } from '../../packages/simulate/src/index.ts';

export interface EstateLogs {
  seed: number;
  devices: number;
  days: number;
  /** ms since the epoch. */
  end: number;
}

/** Returns how many records were written. */
export function writeEstateLogs(folder: string, request: EstateLogs): number {
  const writer = createRecordWriter({ format: 'zeek-tsv', folder, now: () => request.end });
  for (const record of demoEstate(request).records) writer.write(record);
  writer.close();
  return [...writer.counts.values()].reduce((sum, count) => sum + count, 0);
}
