/** One log file being read: its lines, its records in the order of time, and what is wrong with it. */
import { type LogRecord, ThymusError } from '@thymus/core';
import { typeOfText } from '../files/detect-file-type.ts';
import type { TimedFile } from '../files/merge.ts';
import type { CaptureFault } from '../source.ts';
import { EveJson } from './eve-json.ts';
import { LineReader, MAX_LINE } from './line-reader.ts';
import type { LogFormat } from './log-format.ts';
import { TimeWindow } from './time-window.ts';
import { ZeekJson } from './zeek-json.ts';
import { ZeekTsv } from './zeek-tsv.ts';

/** A log file that could not be read, or not in whole. */
export interface LogFault extends CaptureFault {
  /** How many lines could not be read. */
  lines: number;
}

/** Records held back per file to put them in order: Zeek writes a line some time after what it tells of. */
const WINDOW = 4096;
/** Enough to see when a file begins. */
const PEEK = 65_536;

export class LogFile implements TimedFile {
  readonly path: string;
  ts = Number.POSITIVE_INFINITY;
  records = 0;
  bytesRead = 0;
  size = 0;
  /** Lines of types that nobody declared. */
  readonly skipped = new Map<string, number>();
  readonly #onRecord: (record: LogRecord) => void;
  readonly #window = new TimeWindow();
  #reader: LineReader | undefined;
  #format: LogFormat | undefined;
  #broken = 0;
  #firstBroken = '';
  #reason: string | undefined;

  constructor(path: string, onRecord: (record: LogRecord) => void) {
    this.path = path;
    this.#onRecord = onRecord;
  }

  async peek(): Promise<boolean> {
    const hasRecords = await this.#begin(PEEK, 0);
    if (hasRecords) this.#reset();
    return hasRecords;
  }

  open(): Promise<boolean> {
    return this.#begin(MAX_LINE, WINDOW);
  }

  drain(limit: number): boolean {
    const window = this.#window;
    const kept = this.#reader ? WINDOW : 0;
    while (window.first <= limit && window.size > kept) {
      this.records++;
      this.#onRecord(window.take()!);
    }
    this.ts = window.first;
    return window.size <= kept;
  }

  advance(): Promise<boolean> {
    return this.#fill(WINDOW);
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  /** Everything that is wrong with the file, once it has been read. */
  get fault(): LogFault | undefined {
    const reasons = [this.#reason, this.#brokenReason()].filter((reason) => reason !== undefined);
    if (reasons.length === 0) return undefined;
    return { path: this.path, message: reasons.join('; '), packets: this.records, lines: this.#broken };
  }

  #brokenReason(): string | undefined {
    if (this.#broken === 0) return undefined;
    const others = this.#broken === 1 ? '' : `, and ${this.#broken - 1} more lines`;
    return `cannot read ${this.#firstBroken}${others}`;
  }

  #reset(): void {
    this.close();
    this.#format = undefined;
    this.#window.clear();
    this.#broken = 0;
    this.skipped.clear();
  }

  async #begin(capacity: number, wanted: number): Promise<boolean> {
    try {
      this.#reader = new LineReader(this.path, capacity);
    } catch (error) {
      this.#reason = reasonOf(error);
      return false;
    }
    this.size = this.#reader.size;
    return this.#fill(wanted);
  }

  /** Reads until more than `wanted` records wait or the file ends; false if none wait. */
  async #fill(wanted: number): Promise<boolean> {
    try {
      while (this.#reader && this.#window.size <= wanted) await this.#readBatch(this.#reader);
    } catch (error) {
      this.#endWith(reasonOf(error));
    }
    this.ts = this.#window.first;
    return this.#window.size > 0;
  }

  async #readBatch(reader: LineReader): Promise<void> {
    const lines = await reader.next();
    this.bytesRead = reader.bytesRead;
    if (!lines) this.#endWith(this.#format ? undefined : 'the file is empty (a log expected)');
    else for (const [i, line] of lines.entries()) this.#takeLine(line, reader.firstLine + i);
  }

  #takeLine(line: string | undefined, number: number): void {
    if (line === undefined) {
      this.#breaks(number, `it is longer than ${MAX_LINE} bytes`);
      return;
    }
    if (!this.#format && line.trim() !== '') this.#format = this.#formatOf(line);
    if (!this.#format || !this.#reader) return;
    const result = this.#format.line(line);
    if ('records' in result) for (const record of result.records) this.#window.add(record);
    else if ('broken' in result) this.#breaks(number, result.broken);
    else this.skipped.set(result.skipped, (this.skipped.get(result.skipped) ?? 0) + 1);
  }

  #formatOf(line: string): LogFormat | undefined {
    const type = typeOfText(line);
    if (type === 'zeek-tsv') return new ZeekTsv(this.path);
    if (type === 'zeek-json') return new ZeekJson(this.path);
    if (type === 'eve-json') return new EveJson();
    this.#endWith('it is no log that is known (Zeek as TSV or JSON lines, or Suricata EVE JSON expected)');
    return undefined;
  }

  #breaks(number: number, reason: string): void {
    if (this.#broken === 0) this.#firstBroken = `line ${number}: ${reason}`;
    this.#broken++;
  }

  /** Nothing more is read; what waits is still handed on. */
  #endWith(reason: string | undefined): void {
    this.#reason = reason;
    for (const record of this.#format?.end() ?? []) this.#window.add(record);
    this.bytesRead = this.size;
    this.close();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ThymusError && error.code === 'BAD_FILE') return error.message;
  throw error;
}
