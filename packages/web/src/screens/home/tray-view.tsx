/** The threat tray: threshold, chips, and the list of what is left. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { runningJob } from '../../api/jobs.ts';
import { jobsQuery } from '../../api/queries.ts';
import type { TimeWindow } from '../../lib/time-range.ts';
import { useChangeSearch, useKeys, useNews, useSession, useSetRange } from '../../shell/hooks.ts';
import { jobText } from '../../shell/job-mark.tsx';
import { refresh } from '../../shell/refresh.ts';
import { Empty, Loaded } from '../../ui/states.tsx';
import { NO_PICKS, type Picks, togglePicks } from './picks.ts';
import { Slider } from './slider.tsx';
import { hiddenReasons, TEXT } from './texts.ts';
import s from './tray.module.css';
import {
  CATEGORIES,
  groupBreaches,
  type Hidden,
  PIVOTS,
  type Row,
  type Selection,
  selectBreaches,
  type TrayBreach,
  toRows,
} from './tray.ts';
import { TrayList, toggleAcknowledged } from './tray-list.tsx';
import { DEFAULT_MIN, filterOf, type TraySearch } from './tray-search.ts';

interface Asked {
  data: TrayBreach[] | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Drawn anew only when its lines are others: the head changes with every step of the slider. */
const Lines = memo(TrayList);

/** The slider answers at once; the URL follows when it rests. */
function useThreshold(search: TraySearch, change: (part: TraySearch) => void) {
  const [draft, setDraft] = useState<number>();
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(resting.current), []);
  const set = (min: number) => {
    const next = Math.min(100, Math.max(0, min));
    setDraft(next);
    clearTimeout(resting.current);
    resting.current = setTimeout(() => {
      setDraft(undefined);
      change({ min: next });
    }, 200);
  };
  return { min: draft ?? search.min ?? DEFAULT_MIN, set };
}

function useTray(data: TrayBreach[] | undefined, window: TimeWindow) {
  const search = useSearch({ strict: false }) as TraySearch;
  const change: (part: TraySearch) => void = useChangeSearch();
  const { min, set } = useThreshold(search, change);
  // the list follows the slider, never the other way round
  const listMin = useDeferredValue(min);
  const pivot = search.pivot ?? 'model';
  const selection = useMemo(
    () => selectBreaches(data ?? [], { ...filterOf(search), min: listMin }),
    [data, search, listMin],
  );
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo((): Row[] => {
    if (pivot === 'none')
      return selection.shown.map((breach) => ({ kind: 'breach', breach, isInGroup: false }));
    return toRows(groupBreaches(selection.shown, pivot, window), open);
  }, [selection, pivot, window, open]);
  const toggle = useCallback((key: string) => {
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  const [picks, setPicks] = useState<Picks>(NO_PICKS);
  const pick = useCallback((pbids: readonly number[]) => setPicks((now) => togglePicks(now, pbids)), []);
  const unpick = useCallback(() => setPicks(NO_PICKS), []);
  // what a filter hides is not acted upon
  const picked = useMemo(() => selection.shown.filter((b) => picks.has(b.pbid)), [selection, picks]);
  const picking = { picks, picked, pick, unpick };
  return { search, change, min, listMin, setMin: set, pivot, selection, rows, toggle, ...picking };
}

type TrayState = ReturnType<typeof useTray>;

/** Changes the filter so that breaches hidden for this reason are seen. */
function reveal({ change, setMin }: TrayState, reason: keyof Hidden): void {
  if (reason === 'belowSlider') setMin(0);
  else if (reason === 'acknowledged') change({ ack: true });
  else if (reason === 'suppressed') change({ sup: true });
  else if (reason === 'category') change({ cat: undefined });
  else change({ q: undefined });
}

function HiddenLine({ tray }: { tray: TrayState }) {
  const reasons = hiddenReasons(tray.selection.hidden, tray.listMin);
  if (reasons.length === 0) return null;
  return (
    <span className={s.hidden}>
      {TEXT.hidden}
      {reasons.map(({ key, text }) => (
        <button key={key} type="button" onClick={() => reveal(tray, key)} title="Show them">
          {text}
        </button>
      ))}
    </span>
  );
}

/** What can be done with the picked breaches. */
function PickBar({ tray: { picked, unpick } }: { tray: TrayState }) {
  const isClosing = picked.some((b) => !b.isAcknowledged);
  return (
    <span className={s.picked} role="status">
      <b>{TEXT.picked(picked.length)}</b>
      <button
        type="button"
        className={s.primary}
        onClick={() => {
          toggleAcknowledged(picked);
          unpick();
        }}
      >
        {isClosing ? TEXT.acknowledgePicked : TEXT.reopenPicked} <kbd>e</kbd>
      </button>
      <button type="button" className={s.way} onClick={unpick}>
        {TEXT.unpick} <kbd>Esc</kbd>
      </button>
    </span>
  );
}

function Chips({ tray }: { tray: TrayState }) {
  const { search, change } = tray;
  const active = search.cat ?? [];
  const toggle = (category: (typeof CATEGORIES)[number]) => {
    const next = active.includes(category) ? active.filter((c) => c !== category) : [...active, category];
    change({ cat: next.length > 0 ? next : undefined });
  };
  return (
    <fieldset className={s.chips}>
      <legend className="visually-hidden">Category and state</legend>
      {CATEGORIES.map((category) => (
        <button
          key={category}
          type="button"
          className={s.chip}
          data-category={category}
          aria-pressed={active.includes(category)}
          onClick={() => toggle(category)}
        >
          {category}
        </button>
      ))}
      <button
        type="button"
        className={s.chip}
        aria-pressed={search.ack ?? false}
        onClick={() => change({ ack: !search.ack || undefined })}
      >
        + {TEXT.acknowledged}
      </button>
      <button
        type="button"
        className={s.chip}
        aria-pressed={search.sup ?? false}
        onClick={() => change({ sup: !search.sup || undefined })}
      >
        + {TEXT.suppressed}
      </button>
    </fieldset>
  );
}

function Pivots({ tray }: { tray: TrayState }) {
  return (
    <fieldset className={s.pivots} title={TEXT.pivot}>
      <legend className="visually-hidden">{TEXT.pivot}</legend>
      {PIVOTS.map((pivot) => (
        <button
          key={pivot}
          type="button"
          aria-pressed={tray.pivot === pivot}
          onClick={() => tray.change({ pivot: pivot === 'model' ? undefined : pivot })}
        >
          {TEXT.pivots[pivot]}
        </button>
      ))}
    </fieldset>
  );
}

/** Data that is newer than what is shown by this much is offered, ms. */
const BEHIND = 5 * 60_000;

function NewsPill() {
  const { unseen, isStale, newest, anchor } = useNews();
  const isBehind = newest - anchor > BEHIND;
  if (unseen.size === 0 && !isStale && !isBehind) return null;
  return (
    <button type="button" className={s.pill} onClick={refresh}>
      {TEXT.news(unseen.size, isStale)}
    </button>
  );
}

function Nothing({ tray, selection, all }: { tray: TrayState; selection: Selection; all: number }) {
  const setRange = useSetRange();
  const { hidden, bestHidden } = selection;
  const { newest } = useSession();
  const job = runningJob(useQuery(jobsQuery).data);
  if (all === 0 && job) return <Empty why={TEXT.busy(jobText(job))} />;
  if (all === 0 && newest === null)
    return (
      <Empty why={TEXT.noData}>
        <p className="quiet">{TEXT.noDataWhy}</p>
        <p>
          <code>thymus ingest captures/</code>
        </p>
        <p>
          <code>thymus serve --interface eth1</code>
        </p>
      </Empty>
    );
  if (all === 0)
    return (
      <Empty why={TEXT.none}>
        <button type="button" className={s.way} onClick={() => setRange({ range: 'all' })}>
          {TEXT.longer}
        </button>
      </Empty>
    );
  if (bestHidden !== undefined) {
    const lower = Math.floor(bestHidden / 5) * 5;
    const seen = selection.histogram.slice(lower / 5).reduce((sum, n) => sum + n, 0);
    return (
      <Empty why={TEXT.nothingAbove(tray.min)}>
        <button type="button" className={s.way} onClick={() => tray.setMin(lower)}>
          {TEXT.lower(lower, seen)}
        </button>
      </Empty>
    );
  }
  return (
    <Empty
      why={`${TEXT.allHidden} ${hiddenReasons(hidden, tray.min)
        .map((r) => r.text)
        .join(', ')}.`}
    >
      <button type="button" className={s.way} onClick={() => tray.change({ cat: undefined, q: undefined })}>
        {TEXT.clear}
      </button>
    </Empty>
  );
}

export function Tray({ query, window }: { query: Asked; window: TimeWindow }) {
  const tray = useTray(query.data, window);
  const { selection, rows, min, setMin, change, pivot } = tray;
  const find = useRef<HTMLInputElement>(null);
  const nextPivot = PIVOTS[(PIVOTS.indexOf(pivot) + 1) % PIVOTS.length];
  useKeys([
    {
      keys: 'v',
      label: 'Group by model, by device, not at all',
      run: () => change({ pivot: nextPivot === 'model' ? undefined : nextPivot }),
    },
    { keys: '-', label: 'Lower the threshold by 5 %', run: () => setMin(min - 5) },
    { keys: '=', label: 'Raise the threshold by 5 %', run: () => setMin(min + 5) },
    { keys: '0', label: 'Show every score', run: () => setMin(0) },
    { keys: 'f', label: 'Filter the list', run: () => find.current?.focus() },
  ]);
  const all = query.data?.length ?? 0;
  return (
    <section className={s.tray} aria-label={TEXT.tray}>
      <header className={s.head}>
        <h2 className="section">{TEXT.tray}</h2>
        <Pivots tray={tray} />
        <Slider min={min} histogram={selection.histogram} onChange={setMin} />
        <Chips tray={tray} />
        <div className={s.second}>
          {tray.picked.length > 0 ? (
            <PickBar tray={tray} />
          ) : (
            <span className={s.count}>
              {query.data ? TEXT.shownOf(selection.shown.length, all) : ''}
              <HiddenLine tray={tray} />
            </span>
          )}
          <input
            ref={find}
            className={s.find}
            type="search"
            placeholder={TEXT.find}
            aria-label={TEXT.findHint}
            title={TEXT.findHint}
            value={tray.search.q ?? ''}
            onChange={(event) => change({ q: event.target.value || undefined })}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
          <NewsPill />
        </div>
      </header>
      <Loaded query={query} rows={9}>
        {() =>
          rows.length > 0 ? (
            <Lines
              rows={rows}
              pivot={pivot}
              onToggle={tray.toggle}
              picks={tray.picks}
              onPick={tray.pick}
              onUnpick={tray.unpick}
            />
          ) : (
            <Nothing tray={tray} selection={selection} all={all} />
          )
        }
      </Loaded>
    </section>
  );
}
