/** The things of which a page has one each, wired to the browser. */
import { QueryClient } from '@tanstack/react-query';
import { ApiError, Client } from '../api/client.ts';
import { type Job, withJob } from '../api/jobs.ts';
import { Live, type Stream } from '../api/live.ts';
import { News } from '../api/news.ts';
import { KeyMap } from '../lib/key-map.ts';
import { narrowStore } from '../lib/narrow.ts';
import { PreferenceStore } from '../lib/preferences.ts';
import { Toasts } from '../lib/toasts.ts';

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined; // the browser forbids it
  }
}

export const client = new Client((url, init) => fetch(url, init));
export const toasts = new Toasts((run, ms) => setTimeout(run, ms));
export const keys = new KeyMap();
export const preferences = new PreferenceStore(storage());
export const news = new News();
export const narrow = narrowStore((query) => window.matchMedia(query));

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // data changes when the person asks or the stream says so, never because a window got the focus
      staleTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
    },
  },
});

/** A session that ended anywhere ends everywhere: the log-in view takes over and keeps the address. */
queries.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const { error } = event.action as { error: unknown };
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(['session'], null);
});

export const live = new Live(
  {
    open: (url) => new EventSource(url) as Stream,
    wait: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
  {
    onBreach: (event) => news.breach(event),
    onStatus: (event) => news.status(event),
    onJob: (job) => queries.setQueryData<Job[]>(['jobs'], (list) => withJob(list, job)),
    onStale: () => news.stale(),
    onState: (state) => news.state(state),
  },
);

document.addEventListener('visibilitychange', () => {
  if (news.now.live !== 'off') live.visible(document.visibilityState === 'visible');
});

document.addEventListener('keydown', (event) => {
  // an open dialog has its own keys
  if (document.querySelector('dialog[open]')) return;
  if (keys.press(event, event.timeStamp)) event.preventDefault();
});

function applyPreferences(): void {
  document.documentElement.dataset['theme'] = preferences.now.theme;
  document.documentElement.dataset['density'] = preferences.now.density;
}
preferences.subscribe(applyPreferences);
applyPreferences();
