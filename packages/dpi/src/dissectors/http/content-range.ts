/** Which part of a whole a body is, by its Content-Range: `bytes 0-499/1234`. RFC 9110 §14.4. */
import type { Weird } from './start-line.ts';

/** Where a part of a file stands in the whole. */
export interface Range {
  readonly offset: number;
  readonly length: number;
  /** Length of the whole, where it was told. */
  readonly total: number | undefined;
}

/** The range that a value tells of; undefined for what is none, which was told. */
export function parseContentRange(value: string, weird: Weird): Range | undefined {
  const space = value.indexOf(' ');
  const range = value.slice(space + 1).replaceAll(' ', '');
  if (value.slice(0, space) !== 'bytes') {
    weird('HTTP_content_range_unknown_byte_unit');
    return undefined;
  }
  const parts = /^(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(range);
  if (!parts) {
    weird('HTTP_content_range_cannot_parse', range);
    return undefined;
  }
  const length = Number(parts[2]) - Number(parts[1]) + 1;
  if (length <= 0) {
    weird('HTTP_non_positive_content_range', range);
    return undefined;
  }
  return { offset: Number(parts[1]), length, total: parts[3] === '*' ? undefined : Number(parts[3]) };
}
