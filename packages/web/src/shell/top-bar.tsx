/** The top bar: brand, search, time range, zone, live state, person. */

import { Link } from '@tanstack/react-router';
import type { logout } from '@thymus/contract';
import { CircleHelp, CircleUser, Moon, Sun } from 'lucide-react';
import type { LiveState } from '../api/live.ts';
import { formatAgo, formatTime } from '../lib/time-format.ts';
import { Brand } from '../ui/brand.tsx';
import { useNews, usePreferences, useSession } from './hooks.ts';
import { JobMark } from './job-mark.tsx';
import { client, preferences, queries } from './services.ts';
import { TimePicker } from './time-picker.tsx';
import s from './top-bar.module.css';

const TEXT = {
  demo: 'DEMO',
  demoWhy: 'The data is simulated.',
  learning: (days: number) => `learning ${days.toFixed(1)} / 7 d`,
  learningWhy: 'Usual behaviour needs about seven days of traffic. Until then scores are marked down.',
  zone: 'Time zone of everything on screen (z)',
  zones: { utc: 'UTC', local: 'Local' },
  states: { live: 'Live', polling: 'Live: polling', paused: 'Paused', off: 'Connecting' } satisfies Record<
    LiveState,
    string
  >,
  stale: (ago: string) => `data ends ${ago}`,
  theme: 'Dark or light (\\)',
  help: 'Keys (?)',
  logout: 'Log out',
  user: 'Account',
};

/** Days after which the estate counts as learned. */
const LEARNED = 7;

/** Data that is older than this is said to be so beside the live state, ms. */
const OLD = 10 * 60_000;

function LiveMark() {
  const { live, newest, clock } = useNews();
  const { zone } = usePreferences();
  const isOld = newest > 0 && clock - newest > OLD;
  return (
    <span className={s.live} title={`${formatTime(newest, zone)}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true" className={s[live]}>
        <circle cx="5" cy="5" r="4" />
      </svg>
      {TEXT.states[live]}
      {isOld && <span className="faint"> · {TEXT.stale(formatAgo(newest, clock))}</span>}
    </span>
  );
}

async function leave(): Promise<void> {
  await client.post<typeof logout>('/ui/logout').catch(() => undefined);
  queries.clear();
  queries.setQueryData(['session'], null);
}

function Account() {
  const { user } = useSession();
  return (
    <>
      <button type="button" className={s.icon} popoverTarget="account" title={TEXT.user}>
        <CircleUser size={18} aria-hidden="true" />
        <span className="visually-hidden">{TEXT.user}</span>
      </button>
      <div id="account" popover="auto" className={s.account}>
        <p>{user.username}</p>
        <p className="faint">{user.permissions.join(', ')}</p>
        <button type="button" onClick={() => void leave()}>
          {TEXT.logout}
        </button>
      </div>
    </>
  );
}

interface Props {
  onHelp: () => void;
  children: React.ReactNode;
}

export function TopBar({ onHelp, children }: Props) {
  const { demo, learning } = useSession();
  const { zone, theme } = usePreferences();
  const ThemeIcon = theme === 'dark' ? Moon : Sun;
  return (
    <header className={s.bar}>
      <Link to="/" className={s.home}>
        <Brand />
      </Link>
      {demo && (
        <span className={s.demo} title={TEXT.demoWhy}>
          {TEXT.demo}
        </span>
      )}
      <JobMark />
      {!demo && learning.days < LEARNED && (
        <span className={s.learning} title={TEXT.learningWhy}>
          {TEXT.learning(learning.days)}
        </span>
      )}
      {children}
      <div className={s.right}>
        <TimePicker />
        <button
          type="button"
          className={s.zone}
          title={TEXT.zone}
          onClick={() => preferences.set({ zone: zone === 'utc' ? 'local' : 'utc' })}
        >
          {TEXT.zones[zone]}
        </button>
        <LiveMark />
        <button
          type="button"
          className={s.icon}
          title={TEXT.theme}
          onClick={() => preferences.set({ theme: theme === 'dark' ? 'light' : 'dark' })}
        >
          <ThemeIcon size={18} aria-hidden="true" />
          <span className="visually-hidden">{TEXT.theme}</span>
        </button>
        <button type="button" className={s.icon} title={TEXT.help} onClick={onHelp}>
          <CircleHelp size={18} aria-hidden="true" />
          <span className="visually-hidden">{TEXT.help}</span>
        </button>
        <Account />
      </div>
    </header>
  );
}
