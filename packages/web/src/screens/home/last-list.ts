/** The order in which breaches stood in the list that a breach was opened from, so that [ and ] can go along it. */

let list: readonly number[] = [];

/** Remembers the order of a list of breaches. */
export function rememberList(pbids: readonly number[]): void {
  list = pbids;
}

/** The breach before (-1) or after (1) another in the list; undefined at its ends and for breaches that are not in it. */
export function neighbourOf(pbid: number, step: -1 | 1): number | undefined {
  const at = list.indexOf(pbid);
  return at < 0 ? undefined : list[at + step];
}
