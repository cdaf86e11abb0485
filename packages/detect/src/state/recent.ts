/**
 * A bounded table that forgets what was not used for long, in two generations: when the young one is full it becomes the
 * old one, and the old one is dropped. A map kept in order of use costs a deletion per use, four times as much.
 */

export interface Recent<V> {
  young: Map<string, V>;
  old: Map<string, V>;
}

export const newRecent = <V>(): Recent<V> => ({ young: new Map(), old: new Map() });

/** The value of a key, which thereby stays. */
export function recall<V>(table: Recent<V>, key: string, cap: number): V | undefined {
  const value = table.young.get(key);
  if (value !== undefined) return value;
  const older = table.old.get(key);
  if (older !== undefined) put(table, key, older, cap);
  return older;
}

/** Sets a value. At most `cap` keys are kept, at least half of that. */
export function put<V>(table: Recent<V>, key: string, value: V, cap: number): void {
  if (table.young.size >= cap / 2 && !table.young.has(key)) {
    table.old = table.young;
    table.young = new Map();
  }
  table.young.set(key, value);
}

export function forget<V>(table: Recent<V>, key: string): void {
  table.young.delete(key);
  table.old.delete(key);
}
