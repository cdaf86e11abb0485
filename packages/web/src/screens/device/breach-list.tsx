/** Breaches of one device as short lines, newest first. */
import { Link } from '@tanstack/react-router';
import { ScoreMark } from '../../ui/score-mark.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import type { TrayBreach } from '../home/tray.ts';
import s from './device.module.css';
import { TEXT } from './texts.ts';

export function BreachList({ breaches }: { breaches: readonly TrayBreach[] }) {
  if (breaches.length === 0)
    return (
      <Empty why={TEXT.noBreaches}>
        <p>{TEXT.noBreachesWhy}</p>
      </Empty>
    );
  return (
    <ul className={s.breaches}>
      {breaches.slice(0, 50).map((b) => (
        <li key={b.pbid}>
          <ScoreMark percent={b.percent} />
          <Link to="/modelbreach/$pbid" params={{ pbid: String(b.pbid) }} className="cut">
            {b.folder && <span className="faint">{b.folder} / </span>}
            {b.name}
          </Link>
          {b.isSuppressed && <span className="faint">suppressed</span>}
          {b.isAcknowledged && <span className="faint">acknowledged</span>}
          <Time ms={b.time} className="quiet" />
        </li>
      ))}
    </ul>
  );
}
