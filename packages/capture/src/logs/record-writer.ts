/** Records into files, one per kind, as Zeek's logs or JSON lines; or all as JSON lines to the standard output. */
import type { LogRecord, RecordKind } from '@thymus/core';
import { LineFiles, type LineFilesOptions } from './line-files.ts';
import { RecordLines } from './record-lines.ts';

export type RecordWriterOptions = LineFilesOptions;

export interface RecordWriter {
  /** Throws DISK_FULL or BAD_FILE. */
  write(record: LogRecord): void;
  /** Writes what is pending and the last lines: nothing is complete before. */
  close(): void;
  /** How many records of each kind were written. */
  readonly counts: ReadonlyMap<RecordKind, number>;
}

/**
 * Writes `<kind>.log` or `<kind>.ndjson`, replacing what was there. JSON lines hold the records as they are, times in
 * ms. Throws BAD_INPUT for Zeek's logs without a folder.
 */
export function createRecordWriter(options: RecordWriterOptions): RecordWriter {
  const files = new LineFiles(options);
  const isMixed = options.folder === undefined;
  const lines = new RecordLines({ ...options, isMixed }, (kind, bytes) => files.append(kind, bytes));
  return {
    write: (record) => lines.write(record),
    close() {
      try {
        lines.flush();
      } finally {
        files.close();
      }
    },
    get counts() {
      return lines.counts;
    },
  };
}
