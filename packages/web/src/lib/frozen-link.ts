/** Links that show the same tomorrow: relative time written out. */
import { absolute, type TimeWindow } from './time-range.ts';
import { parseSearch, stringifySearch } from './url-state.ts';

/** The address with the window written out in UTC. */
export function frozenLink(href: string, { from, to }: TimeWindow): string {
  const [place = '', hash = '/'] = href.split('#', 2);
  const [path = '/', query = ''] = hash.split('?', 2);
  const { range: _, ...rest } = parseSearch(query);
  return `${place}#${path}${stringifySearch({ ...rest, ...absolute(from, to) })}`;
}
