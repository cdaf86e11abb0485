/** Completion for the query box: what word stands before the caret, and what it may become. */

export interface FieldInfo {
  name: string;
  aliases: readonly string[];
  type: string;
  kinds: readonly string[];
  doc: string;
}

export interface Suggestion {
  /** Text that replaces the word. */
  text: string;
  /** What it is, in short. */
  detail: string;
}

export interface Completion {
  /** Where the word begins and ends in the query. */
  from: number;
  to: number;
  suggestions: Suggestion[];
  /** Set where values of a field are wanted, which only the appliance knows. */
  valuesOf?: string;
}

const MOST = 12;

/** Start of the word that ends at the caret: words end at blanks and brackets outside of quotes. */
function wordStart(query: string, caret: number): number {
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i < caret; i++) {
    const c = query[i];
    if (c === '\\' && isQuoted) i++;
    else if (c === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (c === ' ' || c === '(' || c === ')')) start = i + 1;
  }
  return start;
}

const fieldName = (text: string): string => text.replace(/^(@fields\.|@)/, '').toLowerCase();

/** Suggestions for the word before the caret; none inside a finished word. */
export function complete(query: string, caret: number, fields: readonly FieldInfo[]): Completion {
  const from = wordStart(query, caret);
  const word = query.slice(from, caret);
  const none = { from, to: caret, suggestions: [] };
  const colon = word.indexOf(':');
  if (colon >= 0)
    return completeValue(none, word.slice(0, colon), word.slice(colon + 1), from + colon + 1, fields);
  if (word === '' && query.slice(0, from).trim() !== '') return { ...none, suggestions: operators('') };
  const asked = fieldName(word);
  const isNamed = word.startsWith('@');
  const starts = fields.filter((f) => [f.name, ...f.aliases].some((n) => fieldName(n).startsWith(asked)));
  const holds = fields.filter((f) => !starts.includes(f) && fieldName(f.name).includes(asked));
  const suggestions = [
    ...(word === '' || isNamed ? [] : operators(word)),
    ...('type'.startsWith(asked) ? [{ text: '@type:', detail: 'kind of record' }] : []),
    ...[...starts, ...holds].map((f) => ({ text: `@fields.${f.name}:`, detail: f.doc })),
  ];
  // bare words are searched as they are: only what begins like a field is worth a list
  return {
    ...none,
    suggestions: (isNamed || asked.length > 0 || word === '' ? suggestions : []).slice(0, MOST),
  };
}

function operators(word: string): Suggestion[] {
  if (word !== word.toUpperCase()) return [];
  return [
    { text: 'AND ', detail: 'both' },
    { text: 'OR ', detail: 'either' },
    { text: 'NOT ', detail: 'without' },
  ].filter((o) => o.text.startsWith(word));
}

function completeValue(
  none: Completion,
  name: string,
  typed: string,
  from: number,
  fields: readonly FieldInfo[],
): Completion {
  if (name === '@type') {
    const kinds = [...new Set(fields.flatMap((f) => f.kinds))].sort();
    const asked = typed.replace(/^"/, '').toLowerCase();
    const suggestions = kinds
      .filter((kind) => kind.startsWith(asked) && kind !== typed)
      .map((kind) => ({ text: `${kind} `, detail: 'kind of record' }));
    return { ...none, from, suggestions: suggestions.slice(0, MOST) };
  }
  const field = fields.find((f) => [f.name, ...f.aliases].some((n) => fieldName(n) === fieldName(name)));
  return field ? { ...none, from, valuesOf: field.name } : { ...none, from };
}

/** The query with the word replaced, and where the caret goes. */
export function accept(
  query: string,
  { from, to }: Completion,
  text: string,
): { query: string; caret: number } {
  return { query: query.slice(0, from) + text + query.slice(to), caret: from + text.length };
}
