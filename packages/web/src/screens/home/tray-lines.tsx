/** How a breach and a group of breaches look in the tray. */
import { Link } from '@tanstack/react-router';
import { Check, ChevronDown, ChevronRight, MessageSquare } from 'lucide-react';
import { memo } from 'react';
import { acknowledge } from '../../api/actions.ts';
import { Entity } from '../../ui/entity.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ScoreMark } from '../../ui/score-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { Cell } from '../../ui/virtual-grid.tsx';
import { TEXT } from './texts.ts';
import s from './tray.module.css';
import type { Group, TrayBreach } from './tray.ts';

export function CategoryChip({ category }: { category: string }) {
  return (
    <span className={s.category} data-category={category}>
      {category}
    </span>
  );
}

/** The first tag, and how many more there are. */
function Tags({ tags }: { tags: readonly string[] }) {
  const [first, ...more] = tags;
  if (first === undefined) return null;
  return (
    <>
      <span className={`${s.tag} cut`} title={tags.join(', ')}>
        {first}
      </span>
      {more.length > 0 && <span className={s.note}>+{more.length}</span>}
    </>
  );
}

/** What is said of a breach besides its score: tags, comments, state. */
function Notes({ breach }: { breach: TrayBreach }) {
  return (
    <>
      <Tags tags={breach.tags} />
      {breach.isAcknowledged && <span className={s.note}>{TEXT.acknowledged}</span>}
      {breach.isSuppressed && <span className={s.note}>{TEXT.suppressed}</span>}
      {breach.comments > 0 && (
        <span title={TEXT.comments(breach.comments)} className={s.note}>
          <MessageSquare size={12} aria-hidden="true" /> {breach.comments}
        </span>
      )}
    </>
  );
}

export const BreachLine = memo(({ breach, isInGroup }: { breach: TrayBreach; isInGroup: boolean }) => {
  const act = breach.isAcknowledged ? 'Open again (e)' : 'Acknowledge (e)';
  return (
    <>
      <Cell className={s.lead} data-inset={isInGroup} />
      <Cell className={s.score}>
        <ScoreMark percent={breach.percent} />
      </Cell>
      <Cell className={`${s.model} cut`}>
        <Link to="/modelbreach/$pbid" params={{ pbid: String(breach.pbid) }} tabIndex={-1}>
          {breach.folder && <span className={`${s.folder} faint`}>{breach.folder} / </span>}
          {isInGroup ? breach.name : <b>{breach.name}</b>}
        </Link>
      </Cell>
      <Cell className={`${s.device} cut`}>
        <Entity value={breach.deviceName} did={breach.did} most={34} />{' '}
        {breach.ip !== breach.deviceName && (
          <span className="faint mono">
            <SafeText value={breach.ip} />
          </span>
        )}
      </Cell>
      <Cell className={s.kind}>
        <CategoryChip category={breach.category} />
      </Cell>
      <Cell className={s.notes}>
        <Notes breach={breach} />
      </Cell>
      <Cell className={s.over} />
      <Cell className={s.time}>
        <Time ms={breach.time} form="short" />
      </Cell>
      <Cell className={s.end}>
        <button
          type="button"
          className={s.act}
          tabIndex={-1}
          title={act}
          aria-label={act}
          onClick={(event) => {
            event.stopPropagation();
            void acknowledge([breach.pbid], !breach.isAcknowledged);
          }}
        >
          <Check size={15} aria-hidden="true" />
        </button>
      </Cell>
    </>
  );
});

/** How the breaches of a group lie in the time range, as twelve bars. */
function Spark({ values }: { values: readonly number[] }) {
  const most = Math.max(1, ...values);
  const path = values
    .map((n, i) => (n === 0 ? '' : `M${i * 6} 14V${(14 - 2 - (n / most) * 12).toFixed(1)}`))
    .join('');
  return (
    <svg className={s.spark} viewBox="0 0 72 14" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export function GroupLine({ group, isOpen }: { group: Group; isOpen: boolean }) {
  const Caret = isOpen ? ChevronDown : ChevronRight;
  // members stand in the order of their scores, so the worst one's come first
  const categories = [...new Set(group.members.map((b) => b.category))];
  const tags = [...new Set(group.members.flatMap((b) => b.tags))];
  return (
    <>
      <Cell className={s.lead}>
        <Caret size={14} aria-hidden="true" />
      </Cell>
      <Cell className={s.score}>
        <ScoreMark percent={group.percent} />
      </Cell>
      <Cell className={`${s.model} cut`}>
        {group.pivot === 'model' ? (
          <>
            {group.subtitle && <span className={`${s.folder} faint`}>{group.subtitle} / </span>}
            <b>{group.title}</b>
          </>
        ) : (
          <>
            <b>
              <Entity value={group.title} did={group.did} most={40} />
            </b>{' '}
            <span className="faint mono">
              <SafeText value={group.subtitle} />
            </span>
          </>
        )}
      </Cell>
      <Cell className={`${s.device} cut`}>
        <b>{TEXT.times(group.members.length)}</b>{' '}
        <span className="quiet">
          {group.pivot === 'model' ? <DeviceNames group={group} /> : modelNames(group)}
        </span>
      </Cell>
      <Cell className={s.kind}>{categories[0] && <CategoryChip category={categories[0]} />}</Cell>
      <Cell className={s.notes}>
        <Tags tags={tags} />
      </Cell>
      <Cell className={s.over}>
        <Spark values={group.spark} />
      </Cell>
      <Cell className={s.time}>
        <Time ms={group.last} form="short" />
      </Cell>
      <Cell className={s.end} />
    </>
  );
}

/** How many devices a model group has, and which, the highest score first. */
function DeviceNames({ group }: { group: Group }) {
  const names = new Map(group.members.map((b) => [b.did, b.deviceName]));
  return (
    <>
      {TEXT.devicesOf(names.size)}{' '}
      <span className="faint">
        <SafeText value={[...names.values()].slice(0, 3).join(', ')} />
      </span>
    </>
  );
}

/** Names of the models of a device group, the highest first. */
function modelNames({ members }: Group): string {
  return [...new Set(members.map((b) => b.name))].join(', ');
}
