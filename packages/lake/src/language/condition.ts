/** Boolean SQL with constants folded, so that a kind that cannot match is never read. */

/** SQL text, or a verdict that needs no data. */
export type Condition = string | boolean;

export const not = (c: Condition): Condition => (typeof c === 'boolean' ? !c : `NOT (${c})`);

export function and(items: readonly Condition[]): Condition {
  if (items.includes(false)) return false;
  return join(items, ' AND ') ?? true;
}

export function or(items: readonly Condition[]): Condition {
  if (items.includes(true)) return true;
  return join(items, ' OR ') ?? false;
}

function join(items: readonly Condition[], operator: string): string | undefined {
  const parts = [...new Set(items.filter((c) => typeof c === 'string'))];
  if (parts.length < 2) return parts[0];
  return parts.map((part) => `(${part})`).join(operator);
}
