/** Connections over the time range with the breaches above them. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { histogramQuery } from '../../api/queries.ts';
import { stack } from '../../lib/bars.ts';
import { formatCount } from '../../lib/quantity.ts';
import { absolute, stepFor, type TimeWindow } from '../../lib/time-range.ts';
import { useFormatTime, useNarrow, useSetRange } from '../../shell/hooks.ts';
import { Bars } from '../../ui/bars.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScoreShape } from '../../ui/score-mark.tsx';
import { Loaded } from '../../ui/states.tsx';
import s from './home.module.css';
import { TEXT } from './texts.ts';
import type { TrayBreach } from './tray.ts';

const HEIGHT = 100;

interface Mark {
  start: number;
  count: number;
  percent: number;
}

/** One mark per step: how many breaches, and the highest score. */
function marksOf(breaches: readonly TrayBreach[], step: number): Mark[] {
  const marks = new Map<number, Mark>();
  for (const { time, percent } of breaches) {
    const start = Math.floor(time / step) * step;
    const mark = marks.get(start);
    marks.set(start, {
      start,
      count: (mark?.count ?? 0) + 1,
      percent: Math.max(mark?.percent ?? 0, percent),
    });
  }
  return [...marks.values()];
}

function Lane({ breaches, window }: { breaches: readonly TrayBreach[]; window: TimeWindow }) {
  const setRange = useSetRange();
  const format = useFormatTime();
  const step = stepFor(window, 60);
  const marks = useMemo(() => marksOf(breaches, step), [breaches, step]);
  return (
    <div className={s.lane}>
      {marks.map(({ start, count, percent }) => (
        <button
          key={start}
          type="button"
          tabIndex={-1}
          aria-label={TEXT.marks(count, percent, format(start, 'minute'))}
          title={TEXT.marks(count, percent, format(start, 'minute'))}
          style={{
            left: `${Math.min(1, Math.max(0, (start + step / 2 - window.from) / (window.to - window.from))) * 100}%`,
          }}
          onClick={() => setRange(absolute(start, start + step))}
        >
          <ScoreShape percent={percent} />
        </button>
      ))}
    </div>
  );
}

export function Timeline({ window, breaches }: { window: TimeWindow; breaches: readonly TrayBreach[] }) {
  const interval = stepFor(window, 120);
  const query = useQuery(histogramQuery('@type:conn', window, interval));
  const stacked = useMemo(() => stack(query.data?.buckets ?? []), [query.data]);
  const isNarrow = useNarrow();
  const label = `${TEXT.timeline}: ${formatCount(stacked.total)}`;
  return (
    <Panel
      title={TEXT.timeline}
      className={s.timeline}
      actions={
        <span className="faint">{stacked.total > 0 ? TEXT.timelineTotal(stacked.total, isNarrow) : ''}</span>
      }
    >
      <Loaded query={query}>
        {() => (
          <Bars
            stacked={stacked}
            window={window}
            interval={interval}
            height={HEIGHT}
            label={label}
            lane={<Lane breaches={breaches} window={window} />}
          />
        )}
      </Loaded>
    </Panel>
  );
}
