/** Breaches picked by hand, so that many can be acknowledged at once; a set of their numbers. */
import type { Row } from './tray.ts';

export type Picks = ReadonlySet<number>;
export const NO_PICKS: Picks = new Set();

/** The breaches that a line stands for: itself, or all members of a group. */
export const breachesOf = (row: Row): number[] =>
  row.kind === 'breach' ? [row.breach.pbid] : row.group.members.map((b) => b.pbid);

/** How much of some breaches is picked, in the words of `aria-checked`. */
export function pickState(picks: Picks, pbids: readonly number[]): 'true' | 'false' | 'mixed' {
  const count = pbids.filter((pbid) => picks.has(pbid)).length;
  if (count === 0) return 'false';
  return count === pbids.length ? 'true' : 'mixed';
}

/** Picks all of them, or none where all were picked. */
export function togglePicks(picks: Picks, pbids: readonly number[]): Picks {
  const next = new Set(picks);
  const isFull = pickState(picks, pbids) === 'true';
  for (const pbid of pbids) {
    if (isFull) next.delete(pbid);
    else next.add(pbid);
  }
  return next;
}

/** Lines from one to another, both included, in either order; only the second where the first is gone. */
export function rowsBetween(rows: readonly Row[], first: number, last: number): Row[] {
  if (first < 0) return rows.slice(last, last + 1);
  return rows.slice(Math.min(first, last), Math.max(first, last) + 1);
}
