/** Lines of a stream, ended by LF or CR LF, without their ends. */

const LF = 10;
const CR = 13;

/**
 * Gives each whole line to `take`, which says whether to go on, and returns how many bytes are done with. A line of
 * more than `most` bytes is given in pieces, as if each were a line.
 */
export function eachLine(
  bytes: Uint8Array,
  most: number,
  take: (from: number, to: number, next: number) => boolean,
): number {
  let at = 0;
  while (at < bytes.length) {
    const found = bytes.indexOf(LF, at);
    const isLong = (found < 0 ? bytes.length : found) - at > most;
    if (found < 0 && !isLong) return at;
    const next = isLong ? at + most : found + 1;
    let to = isLong ? next : found;
    while (to > at && bytes[to - 1] === CR) to--;
    const from = at;
    at = next;
    if (!take(from, to, next)) break;
  }
  return at;
}
