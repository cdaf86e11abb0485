/** Capture files in the order of time, as if one machine had recorded them. */
import type { CaptureProgress, CaptureSummary, PacketSink } from '../source.ts';
import { CaptureFile } from './capture-file.ts';
import { mergeFiles } from './merge.ts';

export interface ReadCapturesOptions {
  /** Called after every few chunks of a file, and at the end. */
  onProgress?(progress: CaptureProgress): void;
  /** Ends reading; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Hands all packets of all files to the sink, or to that of their file, merged by time; packets within a file stay in
 * its order. Bad content never rejects: it becomes a fault, and the rest goes on. Lets other work run after every few
 * megabytes.
 */
export async function readCaptures(
  paths: readonly string[],
  sink: PacketSink | ((path: string) => PacketSink),
  options: ReadCapturesOptions = {},
): Promise<CaptureSummary> {
  const sinkOf = typeof sink === 'function' ? sink : () => sink;
  const files = paths.map((path) => new CaptureFile(path, sinkOf(path)));
  await mergeFiles(files, () => {
    options.onProgress?.({
      bytesRead: total(files, 'bytesRead'),
      bytesTotal: total(files, 'size'),
      packets: total(files, 'packets'),
    });
    options.signal?.throwIfAborted();
  });
  return {
    packets: total(files, 'packets'),
    bytes: total(files, 'bytes'),
    faults: files.flatMap((file) => file.fault ?? []),
  };
}

const total = (files: readonly CaptureFile[], what: 'packets' | 'bytes' | 'bytesRead' | 'size'): number =>
  files.reduce((sum, file) => sum + file[what], 0);
