/** A metric of a device with what was usual for it: as a chart, or as the table behind it. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { metricQuery } from '../api/queries.ts';
import { formatQuantity } from '../lib/quantity.ts';
import { countOutside, joinSeries, type Series } from '../lib/series.ts';
import { useFormatTime, useKeys } from '../shell/hooks.ts';
import s from './metric-panel.module.css';
import { Panel } from './panel.tsx';
import { Empty, Loaded, Skeleton } from './states.tsx';

const MetricChart = lazy(() => import('./metric-chart.tsx').then((m) => ({ default: m.MetricChart })));

const TEXT = {
  log: 'Log scale',
  band: 'Usual band',
  table: 'Table',
  none: 'No values of this metric in the time range.',
  noneWhy: 'Widen the time range (t -), or choose another metric.',
  noBand: 'No usual band yet: it is drawn from about a day of learning on.',
  outside: (n: number) => `${n} ${n === 1 ? 'step' : 'steps'} above usual`,
  columns: ['Time', 'Observed', 'Usual from', 'Median', 'Usual to'],
};

interface Props {
  did: number;
  metric: string;
  window: { from: number; to: number };
  title?: React.ReactNode;
  marks?: readonly number[];
  height?: number;
  /** Without any value nothing is drawn at all: for metrics that were not chosen by hand. */
  hideEmpty?: boolean;
}

const NONE: readonly number[] = [];

function SeriesTable({ series, unit }: { series: Series; unit: string }) {
  const format = useFormatTime();
  const value = (n: number | null | undefined) =>
    n === null || n === undefined ? '-' : formatQuantity(n, unit);
  const rows = series.times.map((time, i) => ({ time, i })).filter(({ i }) => series.observed[i] !== null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by key
    <section className={s.table} tabIndex={0} aria-label={TEXT.table}>
      <table>
        <thead>
          <tr>
            {TEXT.columns.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {/* newest first; more lines than anybody reads would only slow the page */}
          {rows
            .toReversed()
            .slice(0, 300)
            .map(({ time, i }) => (
              <tr key={time} data-outside={series.outside[i] !== null}>
                <td className="mono">{format(time * 1000, 'minute')}</td>
                <td>{value(series.observed[i])}</td>
                <td>{value(series.low[i])}</td>
                <td>{value(series.median[i])}</td>
                <td>{value(series.high[i])}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

export function MetricPanel({
  did,
  metric,
  window,
  title,
  marks = NONE,
  height = 260,
  hideEmpty = false,
}: Props) {
  const query = useQuery(metricQuery(did, metric, window));
  const [isLog, setLog] = useState(false);
  const [hasBand, setBand] = useState(true);
  const [isTable, setTable] = useState(false);
  useKeys([
    { keys: 'L', label: 'Log scale of the graph', run: () => setLog(!isLog) },
    { keys: 'b', label: 'Usual band on or off', run: () => setBand(!hasBand) },
  ]);
  const series = useMemo(() => query.data && joinSeries(query.data, window), [query.data, window]);
  if (hideEmpty && query.data && query.data.observed.length === 0 && query.data.band.length === 0)
    return null;
  const outside = series ? countOutside(series) : 0;
  const toggle = (name: string, isOn: boolean, set: (on: boolean) => void) => (
    <button type="button" className={s.toggle} aria-pressed={isOn} onClick={() => set(!isOn)}>
      {name}
    </button>
  );
  return (
    <Panel
      title={title ?? query.data?.metric.label ?? metric}
      actions={
        <>
          {outside > 0 && <span className={s.outside}>{TEXT.outside(outside)}</span>}
          {toggle(TEXT.band, hasBand, setBand)}
          {toggle(TEXT.log, isLog, setLog)}
          {toggle(TEXT.table, isTable, setTable)}
        </>
      }
    >
      <Loaded query={query} rows={6}>
        {({ metric: { label, unit }, band, observed }) => {
          if (!series || (observed.length === 0 && band.length === 0))
            return <Empty why={TEXT.none}>{TEXT.noneWhy}</Empty>;
          if (isTable) return <SeriesTable series={series} unit={unit} />;
          return (
            <>
              <Suspense fallback={<Skeleton rows={6} />}>
                <MetricChart
                  series={series}
                  unit={unit}
                  label={label}
                  isLog={isLog}
                  hasBand={hasBand}
                  marks={marks}
                  height={height}
                />
              </Suspense>
              {band.length === 0 && <p className={s.note}>{TEXT.noBand}</p>}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
