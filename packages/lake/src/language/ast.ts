/** What an Advanced Search query says, after parsing. Positions count characters from 0. */

/** A value with wildcards: pieces of plain text between `*` and `?`. */
export type Pattern = readonly (string | { readonly wildcard: '*' | '?' })[];

export type Value =
  | { readonly type: 'term'; readonly pattern: Pattern; readonly isQuoted: boolean }
  | {
      readonly type: 'range';
      readonly low?: string;
      readonly high?: string;
      readonly includesLow: boolean;
      readonly includesHigh: boolean;
    }
  | { readonly type: 'regex'; readonly source: string }
  | { readonly type: 'exists' };

export interface Match {
  readonly type: 'match';
  /** As written, without a leading `@fields.`; undefined for a bare word. */
  readonly field?: string;
  readonly value: Value;
  readonly at: number;
  /** Where the value stands; `at` where there is no field. */
  readonly valueAt?: number;
}

export type Query =
  | { readonly type: 'all' }
  | Match
  | { readonly type: 'not'; readonly item: Query }
  | { readonly type: 'and' | 'or'; readonly items: readonly Query[] };

/** The text of a pattern without wildcards; undefined if it has some. */
export function plainText(pattern: Pattern): string | undefined {
  let text = '';
  for (const piece of pattern) {
    if (typeof piece !== 'string') return undefined;
    text += piece;
  }
  return text;
}

/** True for `*`, which asks only that there is a value. */
export const isAnything = (pattern: Pattern): boolean =>
  pattern.length > 0 && pattern.every((p) => typeof p !== 'string' && p.wildcard === '*');

/** The pattern as it was written, for messages. */
export const patternText = (pattern: Pattern): string =>
  pattern.map((p) => (typeof p === 'string' ? p : p.wildcard)).join('');
