/** The tray's part of the URL: threshold, pivot, chips and words, clamped to what exists. */
import { freeText, isOn, oneOf, someOf, wholeNumber } from '../../lib/url-state.ts';
import { CATEGORIES, type CategoryChip, PIVOTS, type Pivot, type TrayFilter } from './tray.ts';

/** Where the slider stands when a link does not say: below, nothing is urgent. */
export const DEFAULT_MIN = 20;

/** Only what differs from the default is there. */
export interface TraySearch {
  min?: number | undefined;
  pivot?: Pivot | undefined;
  cat?: CategoryChip[] | undefined;
  ack?: boolean | undefined;
  sup?: boolean | undefined;
  q?: string | undefined;
}

export function traySearch(search: Record<string, unknown>): TraySearch {
  const min = wholeNumber(search['min'], 0, 100, DEFAULT_MIN);
  const pivot = oneOf(search['pivot'], PIVOTS, 'model');
  const cat = someOf(search['cat'], CATEGORIES);
  return {
    // zero would be left out of the link as empty, so it is kept as a number
    min: min === DEFAULT_MIN ? undefined : min,
    pivot: pivot === 'model' ? undefined : pivot,
    cat: cat.length > 0 ? cat : undefined,
    ack: isOn(search['ack']) || undefined,
    sup: isOn(search['sup']) || undefined,
    q: freeText(search['q'], 200) || undefined,
  };
}

export const filterOf = (search: TraySearch): TrayFilter => ({
  min: search.min ?? DEFAULT_MIN,
  categories: search.cat ?? [],
  text: search.q ?? '',
  showAcknowledged: search.ack ?? false,
  showSuppressed: search.sup ?? false,
});
