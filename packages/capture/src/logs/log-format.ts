/** What reads the lines of a log format. */
import type { LogRecord } from '@thymus/core';

/** What became of a line: records, a type that nobody declared, or the reason why it cannot be read. */
export type LineResult =
  | { readonly records: readonly LogRecord[] }
  | { readonly skipped: string }
  | { readonly broken: string };

/** Lines that carry no record: headers, comments, empty lines. */
export const NOTHING: LineResult = { records: [] };

export interface LogFormat {
  line(text: string): LineResult;
  /** What was held back until the end. */
  end(): readonly LogRecord[];
}

export const asResult = (made: LogRecord | string): LineResult =>
  typeof made === 'string' ? { broken: made } : { records: [made] };
