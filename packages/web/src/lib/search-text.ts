/** Text of the Advanced Search language: clauses for values, and filters added to what is written already. */

/** A value as the language takes it: digits as they are, anything else in quotes with quotes and backslashes escaped. */
export function quoted(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = String(value ?? '');
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** `@fields.dest_ip:"10.0.0.1"`, `@type:"conn"`, or the bare value in quotes without a field. `type` is the field's. */
export function clauseFor(field: string | undefined, value: unknown, type = ''): string {
  if (!field) return quoted(value);
  // records carry durations in ms, the language takes them in seconds
  const asked = type === 'interval' ? Number(value) / 1000 : value;
  const name = field === 'kind' || field === '@type' ? '@type' : `@fields.${field.replace(/^@fields\./, '')}`;
  return `${name}:${quoted(asked)}`;
}

/** True where AND would bind tighter than an OR that stands outside of brackets and quotes. */
function hasLooseOr(query: string): boolean {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  let depth = 0;
  for (const [word] of bare.matchAll(/[()]|[^\s()]+/g)) {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    else if (depth === 0 && word === 'OR') return true;
  }
  return false;
}

/** The query with one more condition; a clause that is there already is not repeated. */
export function withClause(query: string, clause: string, isIncluded = true): string {
  const added = isIncluded ? clause : `NOT ${clause}`;
  const old = query.trim();
  if (old === '') return added;
  if (old === added || old.endsWith(` AND ${added}`) || old.startsWith(`${added} AND `)) return old;
  return `${hasLooseOr(old) ? `(${old})` : old} AND ${added}`;
}

/** Records of these connections. */
export function uidQuery(uids: readonly string[]): string {
  return uids.map((uid) => clauseFor('uid', uid)).join(' OR ');
}
