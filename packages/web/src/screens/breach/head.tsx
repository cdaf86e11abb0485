/** Score, model, device and time of a breach, and what can be done with it. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, Link2, RotateCcw, Search } from 'lucide-react';
import { acknowledge } from '../../api/actions.ts';
import { copyLink } from '../../shell/copy-link.ts';
import { useFormatTime, useKeys, useTimeWindow, useTitle } from '../../shell/hooks.ts';
import { Entity } from '../../ui/entity.tsx';
import { ScoreMark } from '../../ui/score-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { neighbourOf } from '../home/last-list.ts';
import type { TrayBreach } from '../home/tray.ts';
import { CategoryChip } from '../home/tray-lines.tsx';
import s from './breach.module.css';
import { type EvidenceSearch, searchLink } from './evidence.ts';
import { TEXT } from './texts.ts';
import type { Explanation } from './why.ts';

interface Props {
  breach: TrayBreach;
  explanation: Explanation;
  evidence: EvidenceSearch;
}

export function BreachHead({ breach, explanation, evidence }: Props) {
  const format = useFormatTime();
  const window = useTimeWindow();
  const isDone = breach.isAcknowledged;
  const toggle = () => void acknowledge([breach.pbid], !isDone);
  const navigate = useNavigate();
  const go = (step: -1 | 1) => () => {
    const next = neighbourOf(breach.pbid, step);
    if (next !== undefined)
      void navigate({ to: '/modelbreach/$pbid', params: { pbid: String(next) }, search: (old) => old });
  };
  useKeys([
    { keys: 'e', label: 'Acknowledge, or open again', run: toggle },
    { keys: ']', label: 'Next breach of the list it was opened from', run: go(1) },
    { keys: '[', label: 'Breach before it in that list', run: go(-1) },
  ]);
  useTitle(`${breach.percent} ${breach.name}`);
  const Icon = isDone ? RotateCcw : Check;
  const by = explanation.acknowledged;
  return (
    <header className={s.head}>
      <ScoreMark percent={breach.percent} isLarge />
      <div className={s.title}>
        <h1>
          {breach.folder && <span className="faint">{breach.folder} / </span>}
          {breach.name}
        </h1>
        <p className={s.sub}>
          <span className="mono">#{breach.pbid}</span>
          <CategoryChip category={breach.category} />
          {breach.tags.map((tag) => (
            <span key={tag} className={s.tag}>
              {tag}
            </span>
          ))}
          <Entity value={breach.deviceName} did={breach.did} />
          {breach.ip && breach.ip !== breach.deviceName && (
            <Entity value={breach.ip} field="source_ip" isMono />
          )}
          <Time ms={breach.time} form="ms" />
          {isDone && (
            <span className={s.done}>
              {by ? TEXT.acknowledgedBy(by.username, format(by.time, 'minute')) : 'acknowledged'}
            </span>
          )}
        </p>
      </div>
      <div className={s.actions}>
        <button type="button" className={isDone ? s.button : s.primary} onClick={toggle}>
          <Icon size={15} aria-hidden="true" /> {isDone ? TEXT.reopen : TEXT.acknowledge} <kbd>e</kbd>
        </button>
        <Link to="/search" search={searchLink(evidence)} className={s.button}>
          <Search size={15} aria-hidden="true" /> {TEXT.search}
        </Link>
        <button type="button" className={s.button} onClick={() => void copyLink(window)}>
          <Link2 size={15} aria-hidden="true" /> {TEXT.copy} <kbd>y</kbd>
        </button>
      </div>
    </header>
  );
}
