/** When a file begins, so that files can be put in order before they are read. */
import { CaptureFile } from './files/capture-file.ts';
import { detectFileType } from './files/detect-file-type.ts';
import { LogFile } from './logs/log-file.ts';

/** The time of the first packet or record, ms; undefined for what is empty or cannot be read. */
export async function firstTime(path: string): Promise<number | undefined> {
  const type = await detectFileType(path);
  const isCapture = type === 'pcap' || type === 'pcapng';
  const file = isCapture
    ? new CaptureFile(path, { packet: () => undefined })
    : new LogFile(path, () => undefined);
  return (await file.peek()) ? file.ts : undefined;
}
