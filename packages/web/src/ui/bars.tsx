/** Bars over time, stacked by kind; a drag across them narrows the time range. */
import { useMemo, useRef, useState } from 'react';
import { barPath, type Column, columnAt, dragged, type Stacked, ticks } from '../lib/bars.ts';
import { formatCompact, formatCount } from '../lib/quantity.ts';
import { formatDuration } from '../lib/time-format.ts';
import { absolute, type TimeWindow } from '../lib/time-range.ts';
import { useFormatTime, useNarrow, usePreferences, useSetRange } from '../shell/hooks.ts';
import s from './bars.module.css';

const WIDTH = 1000;

/** From this place on, the name of a tick stands before it: behind it there would be no room. */
const LATE = 0.93;

const TEXT = {
  most: (count: number, interval: number) => `${formatCompact(count)} per ${formatDuration(interval)}`,
};

/** What the bar under the pointer says. */
function Readout({
  column,
  stacked,
  place,
}: {
  column: Column | undefined;
  stacked: Stacked;
  place: number;
}) {
  const format = useFormatTime();
  if (!column) return null;
  const parts = stacked.kinds
    .map(({ name }, i) => ({ name, count: column.parts[i] ?? 0 }))
    .filter(({ count }) => count > 0);
  return (
    <div
      className={s.readout}
      style={place > 0.6 ? { right: `${(1 - place) * 100}%` } : { left: `${place * 100}%` }}
    >
      <span className="mono">{format(column.start, 'minute')}</span>
      {parts.map(({ name, count }) => (
        <span key={name}>
          {name} <b>{formatCount(count)}</b>
        </span>
      ))}
    </div>
  );
}

interface Props {
  stacked: Stacked;
  window: TimeWindow;
  interval: number;
  height: number;
  label: string;
  /** Drawn above the bars, at the same time scale. */
  lane?: React.ReactNode;
}

export function Bars({ stacked, window, interval, height, label, lane }: Props) {
  const { zone } = usePreferences();
  const setRange = useSetRange();
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ a: number; b: number }>();
  const [hover, setHover] = useState<number>();
  const plot = useMemo(
    () => ({ from: window.from, to: window.to, interval, width: WIDTH, height }),
    [window.from, window.to, interval, height],
  );
  const paths = useMemo(() => stacked.kinds.map((_, i) => barPath(stacked, i, plot)), [stacked, plot]);
  const isNarrow = useNarrow();
  const marks = useMemo(() => ticks(window, isNarrow ? 4 : 8, zone), [window, zone, isNarrow]);
  const place = (event: React.PointerEvent) => {
    const area = box.current?.getBoundingClientRect();
    return area ? (event.clientX - area.left) / area.width : 0;
  };
  const finish = () => {
    const range = drag && dragged(drag.a, drag.b, plot);
    setDrag(undefined);
    if (range) setRange(absolute(range.from, range.to));
  };
  return (
    <div className={s.bars}>
      {lane}
      <div
        ref={box}
        className={s.plot}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ a: place(event), b: place(event) });
        }}
        onPointerMove={(event) => (drag ? setDrag({ a: drag.a, b: place(event) }) : setHover(place(event)))}
        onPointerLeave={() => setHover(undefined)}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(undefined)}
      >
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          height={height}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
        >
          {paths.map((path, i) => (
            <path key={stacked.kinds[i]?.name} d={path} className={s[`series${i + 1}`]} />
          ))}
        </svg>
        {drag && (
          <div
            className={s.drag}
            style={{
              left: `${Math.min(drag.a, drag.b) * 100}%`,
              width: `${Math.abs(drag.b - drag.a) * 100}%`,
            }}
          />
        )}
        {hover !== undefined && !drag && (
          <Readout column={columnAt(stacked, hover, plot)} stacked={stacked} place={hover} />
        )}
        {stacked.most > 0 && <span className={s.most}>{TEXT.most(stacked.most, interval)}</span>}
      </div>
      <div className={s.axis} aria-hidden="true">
        {marks.map(({ at, label: text }) => (
          <span
            key={at}
            data-late={at > LATE}
            style={at > LATE ? { right: `${(1 - at) * 100}%` } : { left: `${at * 100}%` }}
          >
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Names of the kinds with their colour and number; each can be pressed where something follows from it. */
export function Legend({ stacked, onPick }: { stacked: Stacked; onPick?: (kind: string) => void }) {
  return (
    <ul className={s.legend}>
      {stacked.kinds.map(({ name, total }, i) => (
        <li key={name}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" rx="2" className={s[`series${i + 1}`]} />
          </svg>
          {onPick && name !== 'other' ? (
            <button type="button" onClick={() => onPick(name)}>
              {name}
            </button>
          ) : (
            name
          )}
          <span className="faint">{formatCompact(total)}</span>
        </li>
      ))}
    </ul>
  );
}
