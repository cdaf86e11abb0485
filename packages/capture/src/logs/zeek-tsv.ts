/** Zeek's tab separated logs: the header says what each column is. Zeek manual, "Log Formats and Inspection". */
import { asResult, type LineResult, type LogFormat, NOTHING } from './log-format.ts';
import {
  columnsOf,
  type Draft,
  kindOfColumns,
  kindOfName,
  namesSender,
  RecordMaker,
} from './record-maker.ts';
import { type FromText, fromText } from './values.ts';

interface Column {
  index: number;
  /** The record's field. */
  name: string;
  read: FromText;
}

/** Columns that no declaration has, such as labels, are passed over. Files may follow each other in one. */
export class ZeekTsv implements LogFormat {
  readonly #fallback: string | undefined;
  #separator = '\t';
  #setSeparator = ',';
  #empty = '(empty)';
  #unset = '-';
  #path: string | undefined;
  #width = 0;
  #maker: RecordMaker | undefined;
  #columns: Column[] = [];
  #namesSender = false;
  /** What goes by the name of the log where nobody declared it. */
  #type = 'unknown';

  constructor(path: string) {
    this.#fallback = kindOfName(path);
  }

  line(text: string): LineResult {
    if (text.charCodeAt(0) === 35) return this.#header(text);
    if (text === '') return NOTHING;
    if (this.#width === 0) return { broken: 'no #fields line before the first record' };
    if (!this.#maker) return { skipped: this.#type };
    const cells = text.split(this.#separator);
    if (cells.length !== this.#width)
      return { broken: `${cells.length} columns where the header has ${this.#width}` };
    return asResult(this.#maker.finish(this.#draft(this.#maker, cells), this.#namesSender));
  }

  end(): readonly [] {
    return [];
  }

  #draft(maker: RecordMaker, cells: readonly string[]): Draft {
    const draft: Draft = { kind: maker.declaration.kind };
    for (const { index, name, read } of this.#columns) {
      const cell = cells[index]!;
      if (cell === this.#unset || cell === this.#empty) continue;
      const value = read(cell);
      if (value !== undefined) draft[name] = value;
    }
    return draft;
  }

  #header(text: string): LineResult {
    const key = /^#[a-z_]*/.exec(text)![0];
    const value = text.slice(key.length + (key === '#separator' ? 1 : this.#separator.length));
    if (key === '#separator') this.#separator = unescapeSeparator(value);
    else if (key === '#set_separator') this.#setSeparator = unescapeSeparator(value);
    else if (key === '#empty_field') this.#empty = value;
    else if (key === '#unset_field') this.#unset = value;
    else if (key === '#path') this.#path = value;
    else if (key === '#fields') this.#setFields(value.split(this.#separator));
    return NOTHING;
  }

  #setFields(fields: readonly string[]): void {
    this.#width = fields.length;
    const kind = this.#path ?? this.#fallback ?? kindOfColumns(fields);
    this.#type = kind ?? 'unknown';
    this.#maker = kind === undefined ? undefined : RecordMaker.of(kind);
    this.#namesSender = namesSender(this.#type, (column) => fields.includes(column));
    this.#columns = this.#maker ? this.#columnsOf(this.#maker, fields) : [];
  }

  #columnsOf(maker: RecordMaker, fields: readonly string[]): Column[] {
    return Object.entries(maker.declaration.fields).flatMap(([name, field]) => {
      const column = columnsOf(maker.declaration.kind, name, field).find((c) => fields.includes(c));
      if (column === undefined) return [];
      return [{ index: fields.indexOf(column), name, read: fromText(field, this.#setSeparator) }];
    });
  }
}

const unescapeSeparator = (text: string): string =>
  text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
