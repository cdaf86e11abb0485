/** The frame around every screen: top bar, rail, messages, help, context menu. */
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { shift, zoom } from '../lib/time-range.ts';
import { MenuView } from '../ui/menu-view.tsx';
import { copyLink } from './copy-link.ts';
import { Help } from './help.tsx';
import { useKeys, usePreferences, useSetRange, useTimeWindow } from './hooks.ts';
import { Omnisearch } from './omnisearch.tsx';
import { Rail } from './rail.tsx';
import { refresh } from './refresh.ts';
import { preferences, toasts } from './services.ts';
import s from './shell.module.css';
import { ToastList } from './toast-list.tsx';
import { TopBar } from './top-bar.tsx';

const TEXT = { skip: 'Skip to content' };

function useShellKeys(openHelp: () => void, openSearch: () => void): void {
  const navigate = useNavigate();
  const window = useTimeWindow();
  const setRange = useSetRange();
  const { zone, theme, density, isRailWide } = usePreferences();
  const go = (to: '/' | '/breaches' | '/devices' | '/search' | '/sysstatus') => () => void navigate({ to });
  useKeys([
    { keys: '?', label: 'Keys of this screen', run: openHelp },
    { keys: '/', label: 'Search devices, breaches, commands', run: openSearch },
    { keys: 'Ctrl-k', label: 'Search devices, breaches, commands', run: openSearch },
    { keys: 'g h', label: 'Go to the Threat Visualizer', run: go('/') },
    { keys: 'g b', label: 'Go to breaches', run: go('/breaches') },
    { keys: 'g d', label: 'Go to devices', run: go('/devices') },
    { keys: 'g s', label: 'Go to Advanced Search', run: go('/search') },
    { keys: 'g y', label: 'Go to System Status', run: go('/sysstatus') },
    {
      keys: 'z',
      label: 'UTC or local time',
      run: () => preferences.set({ zone: zone === 'utc' ? 'local' : 'utc' }),
    },
    {
      keys: '\\',
      label: 'Dark or light',
      run: () => preferences.set({ theme: theme === 'dark' ? 'light' : 'dark' }),
    },
    {
      keys: 'd',
      label: 'Row height',
      run: () => preferences.set({ density: density === 'compact' ? 'comfortable' : 'compact' }),
    },
    { keys: '[', label: 'Labels in the rail', run: () => preferences.set({ isRailWide: !isRailWide }) },
    { keys: 'u', label: 'Undo', run: () => toasts.undoLast() },
    { keys: 'r', label: 'Refresh', run: refresh },
    { keys: 'y', label: 'Copy a link to exactly this', run: () => void copyLink(window) },
    { keys: 't -', label: 'Longer time range', run: () => setRange(zoom(window, 2)) },
    { keys: 't +', label: 'Shorter time range', run: () => setRange(zoom(window, 0.5)) },
    { keys: 't ArrowLeft', label: 'Earlier time range', run: () => setRange(shift(window, -0.5)) },
    { keys: 't ArrowRight', label: 'Later time range', run: () => setRange(shift(window, 0.5)) },
    { keys: 't 0', label: 'Time range back to the last 24 hours', run: () => setRange({}) },
  ]);
}

export function Shell() {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const omnisearch = useRef<HTMLInputElement>(null);
  const { isRailWide } = usePreferences();
  useShellKeys(
    () => setHelpOpen(true),
    () => omnisearch.current?.focus(),
  );
  return (
    <div className={isRailWide ? `${s.shell} ${s.wide}` : s.shell}>
      <button type="button" className={s.skip} onClick={() => document.getElementById('content')?.focus()}>
        {TEXT.skip}
      </button>
      <TopBar onHelp={() => setHelpOpen(true)}>
        <Omnisearch input={omnisearch} />
      </TopBar>
      <Rail isWide={isRailWide} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by key */}
      <main id="content" className={s.content} tabIndex={0}>
        <Outlet />
      </main>
      <ToastList />
      <MenuView />
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </div>
  );
}
