/** The home screen: is the estate healthy, how well is it understood, what to look at first. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { breachesQuery } from '../../api/queries.ts';
import { useTimeWindow, useTitle } from '../../shell/hooks.ts';
import { Estate } from './estate.tsx';
import s from './home.module.css';
import { Timeline } from './timeline.tsx';
import { selectBreaches } from './tray.ts';
import { filterOf, type TraySearch } from './tray-search.ts';
import { Tray } from './tray-view.tsx';

export function Home() {
  useTitle('');
  const window = useTimeWindow();
  const search = useSearch({ strict: false }) as TraySearch;
  const breaches = useQuery(breachesQuery(window));
  const shown = useMemo(
    () => selectBreaches(breaches.data ?? [], filterOf(search)).shown,
    [breaches.data, search],
  );
  return (
    <div className={s.home}>
      <h1 className="visually-hidden">Threat Visualizer</h1>
      <Estate />
      <Timeline window={window} breaches={shown} />
      <Tray query={breaches} window={window} />
    </div>
  );
}

/** The tray alone, over the whole screen. */
export function Breaches() {
  useTitle('Breaches');
  const window = useTimeWindow();
  const breaches = useQuery(breachesQuery(window));
  return (
    <div className={s.full}>
      <h1 className="visually-hidden">Breaches</h1>
      <Tray query={breaches} window={window} />
    </div>
  );
}
