/** What screens ask of the shell: session, time window, zone, keys, news. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { NewsState } from '../api/news.ts';
import { sessionQuery } from '../api/queries.ts';
import { shown } from '../lib/hostile-text.ts';
import type { KeyBinding } from '../lib/key-map.ts';
import type { Preferences } from '../lib/preferences.ts';
import { formatTime } from '../lib/time-format.ts';
import { DEFAULT_PRESET, type RangeSearch, resolveRange, type TimeWindow } from '../lib/time-range.ts';
import { keys, narrow, news, preferences } from './services.ts';

export const usePreferences = (): Preferences =>
  useSyncExternalStore(preferences.subscribe, () => preferences.now);

export const useNews = (): NewsState => useSyncExternalStore(news.subscribe, () => news.now);

/** True on screens as narrow as a phone's. */
export const useNarrow = (): boolean => useSyncExternalStore(narrow.subscribe, narrow.now);

/** The open session; screens are drawn only while there is one. */
export function useSession() {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('a screen was drawn without a session');
  return data;
}

/** The time window that the URL means, the same object while it means the same. */
export function useTimeWindow(): TimeWindow {
  const { range, from, to } = useSearch({ strict: false }) as RangeSearch;
  const anchor = useSyncExternalStore(news.subscribe, () => news.now.anchor);
  const oldest = useSyncExternalStore(news.subscribe, () => news.now.oldest);
  // the clock of the moment serves: it decides only whether the data are of today
  return useMemo(
    () => resolveRange({ range, from, to }, { oldest, newest: anchor, clock: news.now.clock }),
    [range, from, to, anchor, oldest],
  );
}

/**
 * Changes some parameters of the screen that is open, whichever it is; undefined takes one out. With `isStep` the
 * browser's Back returns to what was before.
 */
export function useChangeSearch(): (part: object, isStep?: boolean) => void {
  const navigate = useNavigate();
  return (part, isStep = false) => {
    // the router wants to know the screen to check its parameters; they are checked when the address is read
    const change = { to: '.', search: (old: object) => ({ ...old, ...part }), replace: !isStep };
    void navigate(change as never);
  };
}

/** Puts another range into the URL of the screen that is open. */
export function useSetRange(): (range: RangeSearch) => void {
  const change = useChangeSearch();
  return (range) => {
    // named, because what is left out would be kept from the old address
    const preset = range.from ? undefined : (range.range ?? DEFAULT_PRESET);
    change({ range: preset, from: range.from, to: range.to }, true);
  };
}

/** Times in the zone of the person's choice. */
export function useFormatTime(): (ms: number, precision?: 'minute' | 'second' | 'ms') => string {
  const { zone } = usePreferences();
  return (ms, precision = 'second') => formatTime(ms, zone, precision);
}

/** Keys of a screen, as long as it is there. The newest functions run, whatever was bound first. */
export function useKeys(bindings: KeyBinding[]): void {
  const newest = useRef(bindings);
  newest.current = bindings;
  const shape = bindings.map((b) => `${b.keys}\t${b.label}`).join('\n');
  useEffect(() => {
    const lasting = shape.split('\n').map((line, i) => {
      const [key = '', label = ''] = line.split('\t');
      return { keys: key, label, run: () => newest.current[i]?.run() };
    });
    return keys.add(lasting);
  }, [shape]);
}

/** The name of the screen in the browser's tab and history. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Thymus' : `${shown(title).slice(0, 80)} · Thymus`;
  }, [title]);
}

/** True once `isWaiting` has lasted 150 ms: before that a skeleton would only flicker. */
export function useSkeleton(isWaiting: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setLong(true), 150);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isWaiting]);
  return isWaiting && isLong;
}
