/** Copies a link that shows the same later: relative time becomes absolute. */
import { frozenLink } from '../lib/frozen-link.ts';
import type { TimeWindow } from '../lib/time-range.ts';
import { toasts } from './services.ts';

const TEXT = {
  copied: 'Link copied. It keeps this time range.',
  refused: 'The browser did not allow copying.',
};

export async function copyLink(range: TimeWindow): Promise<void> {
  try {
    await navigator.clipboard.writeText(frozenLink(location.href, range));
    toasts.show(TEXT.copied);
  } catch {
    toasts.fail(TEXT.refused);
  }
}
