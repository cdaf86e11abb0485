/** The known word that resembles a mistyped one most. Levenshtein's distance, swapped neighbours counted once. */

function distance(a: string, b: string): number {
  let [before, previous]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const least = Math.min(change, previous![j]! + 1, row[j - 1]! + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(isSwap ? Math.min(least, before![j - 2]! + 1) : least);
    }
    [before, previous] = [previous, row];
  }
  return previous![b.length]!;
}

/** The nearest of the words; undefined where none shares at least half of its letters. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const asked = word.slice(0, 64);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(asked.length / 2)) + 1;
  for (const candidate of known) {
    const d = distance(asked, candidate);
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}
