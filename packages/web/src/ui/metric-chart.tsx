/** A metric over time: usual band grey, median dashed, observed in the accent, points outside marked. Drag narrows. */
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatQuantity } from '../lib/quantity.ts';
import type { Series } from '../lib/series.ts';
import { formatShort, formatTime } from '../lib/time-format.ts';
import { absolute } from '../lib/time-range.ts';
import { usePreferences, useSetRange } from '../shell/hooks.ts';
import s from './metric-chart.module.css';

interface Props {
  series: Series;
  unit: string;
  label: string;
  isLog: boolean;
  hasBand: boolean;
  /** Moments to mark with a line, ms. */
  marks: readonly number[];
  height: number;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Short forms for the axis: `1.2 MB`, `300`. */
const axisText = (unit: string) => (_: uPlot, values: number[]) =>
  values.map((v) => {
    if (v === null) return '';
    // the steps of an axis may be finer than what is worth telling of a value
    return v !== 0 && Math.abs(v) < 0.01
      ? String(Number(v.toPrecision(2)))
      : formatQuantity(v, unit === 'bytes' ? 'bytes' : '');
  });

/** Midnights show their date, other ticks their time. */
function timeText(ms: number, zone: 'utc' | 'local'): string {
  const [date = '', time = ''] = formatShort(ms, zone).split(' ');
  return time === '00:00' ? date : time;
}

function axes(unit: string, zone: 'utc' | 'local'): uPlot.Axis[] {
  const common = {
    stroke: colour('--text-3'),
    grid: { stroke: colour('--border'), width: 1 },
    ticks: { stroke: colour('--border'), width: 1 },
    font: '11px "JetBrains Mono Variable", monospace',
  };
  const times = (_: uPlot, splits: number[]) => splits.map((t) => timeText(t * 1000, zone));
  return [
    { ...common, values: times, space: 90 },
    { ...common, size: 72, values: axisText(unit) },
  ];
}

/** Vertical lines at the moments of breaches. */
function drawMarks(marks: readonly number[]) {
  return (u: uPlot) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = colour('--critical');
    ctx.lineWidth = Math.max(1, devicePixelRatio);
    for (const ms of marks) {
      const x = u.valToPos(ms / 1000, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
}

/** Place of the last value that there is. */
function lastKnown(values: ArrayLike<number | null | undefined> | undefined): number {
  let at = (values?.length ?? 1) - 1;
  while (at > 0 && values?.[at] === null) at--;
  return at;
}

interface Drawing extends Props {
  width: number;
  zone: 'utc' | 'local';
  onDrag: (from: number, to: number) => void;
}

function optionsOf({
  unit,
  label,
  isLog,
  hasBand,
  marks,
  height,
  width,
  zone,
  onDrag,
}: Drawing): uPlot.Options {
  const inUnit = (_: uPlot, v: number | null) => (v === null ? '-' : formatQuantity(v, unit));
  const faint = colour('--text-3');
  return {
    width,
    height,
    tzDate: (ts) => (zone === 'utc' ? uPlot.tzDate(new Date(ts * 1000), 'Etc/UTC') : new Date(ts * 1000)),
    scales: {
      x: { time: true },
      y: isLog ? { distr: 4, asinh: 1 } : { range: (_, __, most) => [0, most * 1.06 || 1] },
    },
    axes: axes(unit, zone),
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    legend: { live: true },
    series: [
      { label: 'Time', value: (_, v) => (v === null ? '-' : formatTime(v * 1000, zone, 'minute')) },
      {
        label: 'Usual, lowest',
        show: hasBand,
        stroke: 'transparent',
        value: inUnit,
        points: { show: false },
      },
      {
        label: 'Usual, highest',
        show: hasBand,
        stroke: 'transparent',
        value: inUnit,
        points: { show: false },
      },
      { label: 'Median', show: hasBand, stroke: faint, dash: [4, 4], value: inUnit, points: { show: false } },
      { label, stroke: colour('--accent-text'), width: 1.6, value: inUnit, points: { show: false } },
      {
        label: 'Outside',
        stroke: 'transparent',
        value: inUnit,
        points: { show: true, size: 7, fill: colour('--high'), stroke: colour('--high') },
      },
    ],
    bands: hasBand ? [{ series: [2, 1], fill: colour('--band') }] : [],
    hooks: {
      // before the pointer comes, the legend tells the last value
      ready: [(u) => u.setLegend({ idx: lastKnown(u.data[4]) })],
      draw: [drawMarks(marks)],
      setSelect: [
        (u) => {
          const { left, width: wide } = u.select;
          if (wide < 4) return;
          onDrag(u.posToVal(left, 'x') * 1000, u.posToVal(left + wide, 'x') * 1000);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

export function MetricChart(props: Props) {
  const { series, unit, label, isLog, hasBand, marks, height } = props;
  const box = useRef<HTMLDivElement>(null);
  const { theme, zone } = usePreferences();
  const setRange = useSetRange();
  const drag = useRef(setRange);
  drag.current = setRange;
  const data = useMemo<uPlot.AlignedData>(
    () => [series.times, series.low, series.high, series.median, series.observed, series.outside],
    [series],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means new colours from the style sheet
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onDrag = (from: number, to: number) => drag.current(absolute(from, to));
    const width = element.clientWidth;
    const plot = new uPlot(
      optionsOf({ series, unit, label, isLog, hasBand, marks, height, width, zone, onDrag }),
      data,
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [data, unit, label, isLog, hasBand, marks, height, zone, theme]);
  return (
    <div
      ref={box}
      className={s.chart}
      role="img"
      aria-label={`${label} over time; the table holds the same`}
    />
  );
}
