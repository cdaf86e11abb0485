/** What a panel shows while there is nothing to show: skeleton, emptiness with a way on, failure with a retry. */
import { ApiError } from '../api/client.ts';
import { formatClock } from '../lib/time-format.ts';
import { usePreferences, useSkeleton } from '../shell/hooks.ts';
import s from './states.module.css';

const TEXT = {
  loading: 'Loading',
  retry: 'Retry',
  request: 'request',
  stale: (time: string) => `Not refreshed; this is as of ${time}.`,
  forbidden: 'Your account lacks a permission for this.',
};

export function Skeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div className={s.skeleton} role="status" aria-label={TEXT.loading}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <span key={i} />
      ))}
    </div>
  );
}

interface EmptyProps {
  /** Why there is nothing. */
  why: React.ReactNode;
  /** What to do about it. */
  children?: React.ReactNode;
}

export function Empty({ why, children }: EmptyProps) {
  return (
    <div className={s.empty}>
      <p>{why}</p>
      {children}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined;
  const text =
    known?.status === 403 ? TEXT.forbidden : error instanceof Error ? error.message : String(error);
  return (
    <div className={s.failure} role="alert">
      <p>{text}</p>
      {known && (
        <p className={s.detail}>
          {known.code}
          {known.requestId ? ` · ${TEXT.request} ${known.requestId}` : ''}
        </p>
      )}
      {onRetry && (
        <button type="button" className={s.button} onClick={onRetry}>
          {TEXT.retry}
        </button>
      )}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  /** When the data came, ms. */
  dataUpdatedAt?: number;
  refetch: () => unknown;
}

interface LoadedProps<T> {
  query: Asked<T>;
  rows?: number;
  children: (data: T) => React.ReactNode;
}

/** Said above data that could not be refreshed. */
function Stale({ query }: { query: Asked<unknown> }) {
  const { zone } = usePreferences();
  const asOf = query.dataUpdatedAt ? formatClock(query.dataUpdatedAt, zone, true) : '';
  return (
    <p className={s.stale} role="alert">
      {TEXT.stale(asOf)} {query.error instanceof Error ? query.error.message : ''}{' '}
      <button type="button" onClick={() => void query.refetch()}>
        {TEXT.retry}
      </button>
    </p>
  );
}

/** Draws what was asked for, or the state it is in; data that is there stays when a refresh fails. */
export function Loaded<T>({ query, rows = 4, children }: LoadedProps<T>) {
  const isSlow = useSkeleton(query.isPending);
  if (query.data !== undefined)
    return (
      <>
        {query.error !== null && query.error !== undefined && <Stale query={query} />}
        {children(query.data)}
      </>
    );
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return isSlow ? <Skeleton rows={rows} /> : null;
}
