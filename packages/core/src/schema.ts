/** What a record is made of: one declaration per record kind gives its type, its bytes, its lake table and its docs. */

/**
 * Field types. `time` is ms since the epoch (fractions kept to the µs), `interval` ms, `addr` a canonical IPv4 or IPv6
 * string, `category` a string with few values, `count` an unsigned integer up to 2^53.
 */
export type FieldType =
  | 'time'
  | 'interval'
  | 'string'
  | 'category'
  | 'addr'
  | 'port'
  | 'count'
  | 'double'
  | 'bool'
  | 'strings'
  | 'intervals';

export interface Field<T extends FieldType = FieldType, O extends boolean = boolean> {
  readonly type: T;
  readonly optional: O;
  /** One sentence for docs/records.md and the search catalogue. */
  readonly doc: string;
  /** The column name in Zeek's logs where it is not ours. */
  readonly zeek?: string;
  /** Zeek's own type name where `type` does not imply it (`set[string]`, `enum`). */
  readonly zeekType?: string;
  /** True for columns that Zeek does not have: kept out of Zeek files unless asked for. */
  readonly own?: true;
  /** True where a bare word in Advanced Search looks into this field. */
  readonly text?: true;
}

type Extra = Partial<Pick<Field, 'zeek' | 'zeekType' | 'own' | 'text'>>;

const field =
  <T extends FieldType>(type: T) =>
  (doc: string, extra: Extra = {}): Field<T, false> => ({ type, optional: false, doc, ...extra });

export const time = field('time');
export const interval = field('interval');
export const string = field('string');
export const category = field('category');
export const addr = field('addr');
export const port = field('port');
export const count = field('count');
export const double = field('double');
export const bool = field('bool');
export const strings = field('strings');
export const intervals = field('intervals');

/** A field that may be unset. Unset strings and lists travel as empty, unset addresses as `::`, numbers as NULL. */
export const optional = <T extends FieldType>(f: Field<T, false>): Field<T, true> => ({
  ...f,
  optional: true,
});

/** A field that Zeek does not have. */
export const own = <F extends Field>(f: F): F & { readonly own: true } => ({ ...f, own: true });

export type Fields = Readonly<Record<string, Field>>;

export interface RecordDeclaration<K extends string = string, F extends Fields = Fields> {
  readonly kind: K;
  readonly doc: string;
  /** Raised when a column is added; readers take older versions. */
  readonly version: number;
  /** In Zeek's column order; own columns last. */
  readonly fields: F;
}

export function record<const K extends string, const F extends Fields>(
  kind: K,
  version: number,
  doc: string,
  fields: F,
): RecordDeclaration<K, F> {
  return { kind, version, doc, fields };
}

interface Values {
  time: number;
  interval: number;
  string: string;
  category: string;
  addr: string;
  port: number;
  count: number;
  double: number;
  bool: boolean;
  strings: readonly string[];
  intervals: readonly number[];
}

type Simplify<T> = { [P in keyof T]: T[P] } & {};

/** The TypeScript type of one record of a declaration. */
export type RecordOf<D extends RecordDeclaration> =
  D extends RecordDeclaration<infer K, infer F>
    ? Simplify<
        { kind: K } & {
          -readonly [N in keyof F as F[N]['optional'] extends false ? N : never]: Values[F[N]['type']];
        } & {
          -readonly [N in keyof F as F[N]['optional'] extends false ? never : N]?:
            | Values[F[N]['type']]
            | undefined;
        }
      >
    : never;
