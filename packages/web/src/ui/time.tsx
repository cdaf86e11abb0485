/** A moment: short in the list, with both zones and its distance from the newest data in the tooltip. */
import { formatAgo, formatShort, formatTime } from '../lib/time-format.ts';
import { useNews, usePreferences } from '../shell/hooks.ts';

interface Props {
  ms: number;
  /** `short` leaves out the year and the seconds. */
  form?: 'short' | 'minute' | 'second' | 'ms';
  className?: string;
}

export function Time({ ms, form = 'minute', className = '' }: Props) {
  const { zone } = usePreferences();
  const { clock } = useNews();
  if (!Number.isFinite(ms)) return null;
  const title = `${formatTime(ms, 'utc', 'ms')}\n${formatTime(ms, 'local', 'ms')}\n${formatAgo(ms, clock)}`;
  return (
    <time className={`mono ${className}`} dateTime={new Date(ms).toISOString()} title={title}>
      {form === 'short' ? formatShort(ms, zone, clock) : formatTime(ms, zone, form)}
    </time>
  );
}
