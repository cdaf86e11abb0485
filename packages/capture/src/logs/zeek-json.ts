/** Zeek's logs as JSON lines, with `id.orig_h` or `id_orig_h`; one file may hold several types. */
import { asResult, type LineResult, type LogFormat, NOTHING } from './log-format.ts';
import {
  columnsOf,
  type Draft,
  kindOfColumns,
  kindOfName,
  namesSender,
  RecordMaker,
} from './record-maker.ts';
import { type FromJson, fromJson } from './values.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

interface JsonColumn {
  name: string;
  keys: readonly string[];
  read: FromJson;
}

/** The object in a line; undefined for what is none. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

export class ZeekJson implements LogFormat {
  readonly #fallback: string | undefined;
  readonly #columns = new Map<RecordMaker, readonly JsonColumn[]>();

  constructor(path: string) {
    this.#fallback = kindOfName(path);
  }

  line(text: string): LineResult {
    if (text === '') return NOTHING;
    const object = parseObject(text);
    if (!object) return { broken: 'no JSON object' };
    const kind = this.#kindOf(object);
    const maker = kind === undefined ? undefined : RecordMaker.of(kind);
    if (!maker) return { skipped: kind ?? 'unknown' };
    const isTurned = namesSender(maker.declaration.kind, (column) => column in object);
    return asResult(maker.finish(this.#draft(maker, object), isTurned));
  }

  end(): readonly [] {
    return [];
  }

  #kindOf(object: JsonObject): string | undefined {
    const named = object['_path'] ?? object['@stream'];
    if (typeof named === 'string') return named;
    return this.#fallback ?? kindOfColumns(Object.keys(object));
  }

  #draft(maker: RecordMaker, object: JsonObject): Draft {
    const draft: Draft = { kind: maker.declaration.kind };
    for (const { name, keys, read } of this.#columnsOf(maker)) {
      const value = keys.map((key) => object[key]).find((v) => v !== undefined && v !== null);
      const taken = value === undefined ? undefined : read(value);
      if (taken !== undefined) draft[name] = taken;
    }
    return draft;
  }

  #columnsOf(maker: RecordMaker): readonly JsonColumn[] {
    const known = this.#columns.get(maker);
    if (known) return known;
    const { kind, fields } = maker.declaration;
    const columns = Object.entries(fields).map(([name, field]) => ({
      name,
      keys: columnsOf(kind, name, field),
      read: fromJson(field),
    }));
    this.#columns.set(maker, columns);
    return columns;
  }
}
