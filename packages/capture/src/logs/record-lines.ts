/** Records as lines of text, gathered per kind; where the bytes go is the caller's business. */
import { declarationOf, type LogRecord, type RecordKind } from '@thymus/core';
import { TextBuffer } from './text-buffer.ts';
import { zeekLine } from './zeek-format.ts';

export interface LineOptions {
  format: 'zeek-tsv' | 'ndjson';
  /** Also the columns and kinds that Zeek does not have. */
  withOwnColumns?: boolean;
  /** Lines of all kinds in one stream, in the order of their records; they are put as the kind of the last one. */
  isMixed?: boolean;
}

/** Takes lines of one kind. The bytes are only lent: they are overwritten afterwards. */
export type PutLines = (kind: RecordKind, lines: Uint8Array) => void;

/** Kinds that are ours alone: left out of Zeek's logs unless own columns are asked for. */
const OWN_KINDS: ReadonlySet<RecordKind> = new Set(['conn_update', 'metric', 'mssql']);

const NEWLINE = 10;
/** Handed on at a time, in bytes. */
const PIECE = 262_144;

/** How records of one kind are written, and how many were. */
interface Kind {
  readonly text: TextBuffer;
  readonly line: ((text: TextBuffer, record: LogRecord) => void) | undefined;
  count: number;
}

export class RecordLines {
  readonly #options: LineOptions;
  readonly #put: PutLines;
  readonly #kinds = new Map<RecordKind, Kind>();
  readonly #mixed: TextBuffer | undefined;

  constructor(options: LineOptions, put: PutLines) {
    this.#options = options;
    this.#put = put;
    this.#mixed = options.isMixed ? new TextBuffer(PIECE * 2) : undefined;
  }

  get counts(): ReadonlyMap<RecordKind, number> {
    const written = [...this.#kinds].filter(([, { count }]) => count > 0);
    return new Map(written.map(([kind, { count }]) => [kind, count]));
  }

  write(record: LogRecord): void {
    let kind = this.#kinds.get(record.kind);
    if (!kind) {
      kind = { text: this.#mixed ?? new TextBuffer(PIECE * 2), line: this.#lineOf(record.kind), count: 0 };
      this.#kinds.set(record.kind, kind);
    }
    if (!kind.line) return;
    kind.text.reserve(0);
    kind.line(kind.text, record);
    kind.text.byte(NEWLINE);
    kind.count++;
    if (kind.text.at >= PIECE) this.#handOn(record.kind, kind.text);
  }

  /** Hands on what is pending of all kinds. */
  flush(): void {
    for (const [kind, { text }] of this.#kinds) if (text.at > 0) this.#handOn(kind, text);
  }

  #handOn(kind: RecordKind, text: TextBuffer): void {
    const lines = text.written;
    text.reset();
    this.#put(kind, lines);
  }

  #lineOf(kind: RecordKind): Kind['line'] {
    const { format, withOwnColumns = false } = this.#options;
    if (format === 'ndjson') return (text, record) => text.text(JSON.stringify(record));
    if (!withOwnColumns && OWN_KINDS.has(kind)) return undefined;
    return zeekLine(declarationOf(kind)!, withOwnColumns);
  }
}
