/** Log files of Zeek and Suricata as records, in the order in which they were logged. */
import type { LogRecord } from '@thymus/core';
import { mergeFiles } from '../files/merge.ts';
import { type LogFault, LogFile } from './log-file.ts';

export interface LogProgress {
  /** Bytes of all files as they lie on the disk, read and in total. */
  bytesRead: number;
  bytesTotal: number;
  records: number;
}

export interface ReadLogsOptions {
  /** Called after each batch of lines. */
  onProgress?(progress: LogProgress): void;
  /** Ends reading; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface LogSummary {
  records: number;
  faults: LogFault[];
  /** Types of log that nobody declared, with the number of their lines; no fault. */
  skipped: { type: string; lines: number }[];
  /** The same as sentences for people. */
  notes: string[];
}

/**
 * Hands on all records of all files, merged by the time of logging: the end of a connection, the time of anything
 * else. A file is taken to be nearly sorted: a record that stands thousands of lines from its place comes late. Bad
 * content never rejects: it becomes a fault, and the rest goes on.
 */
export async function readLogs(
  paths: readonly string[],
  onRecord: (record: LogRecord) => void,
  options: ReadLogsOptions = {},
): Promise<LogSummary> {
  const files = paths.map((path) => new LogFile(path, onRecord));
  const sum = (what: 'records' | 'bytesRead' | 'size') => files.reduce((all, file) => all + file[what], 0);
  await mergeFiles(files, () => {
    options.onProgress?.({ bytesRead: sum('bytesRead'), bytesTotal: sum('size'), records: sum('records') });
    options.signal?.throwIfAborted();
  });
  const skipped = skippedBy(files);
  return {
    records: sum('records'),
    faults: files.flatMap((file) => file.fault ?? []),
    skipped,
    notes: skipped.map(
      ({ type, lines }) =>
        `Passed over ${lines} ${lines === 1 ? 'line' : 'lines'} of type ${type}, which has no records here.`,
    ),
  };
}

function skippedBy(files: readonly LogFile[]): { type: string; lines: number }[] {
  const all = new Map<string, number>();
  for (const file of files)
    for (const [type, lines] of file.skipped) all.set(type, (all.get(type) ?? 0) + lines);
  return [...all].map(([type, lines]) => ({ type, lines })).sort((a, b) => (a.type < b.type ? -1 : 1));
}
