/** Any metric of a device with its usual band; the choice is part of the address. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { metricsQuery } from '../../api/queries.ts';
import { useChangeSearch } from '../../shell/hooks.ts';
import { MetricPanel } from '../../ui/metric-panel.tsx';
import s from './device.module.css';
import { TEXT } from './texts.ts';

/** The metric that the URL names, or else the first there is. */
function useMetric(): [string, (name: string) => void, { name: string; label: string }[]] {
  const change = useChangeSearch();
  const { metric } = useSearch({ strict: false }) as { metric?: string };
  const metrics = useQuery(metricsQuery);
  const list = metrics.data ?? [];
  const set = (name: string) => change({ metric: name });
  return [metric ?? list[0]?.name ?? '', set, list];
}

interface Props {
  did: number;
  window: { from: number; to: number };
  marks: readonly number[];
  height?: number;
}

export function Pattern({ did, window, marks, height = 340 }: Props) {
  const [metric, setMetric, metrics] = useMetric();
  if (!metric) return null;
  return (
    <MetricPanel
      did={did}
      metric={metric}
      window={window}
      marks={marks}
      height={height}
      title={
        <label className={s.metric}>
          {TEXT.metric}
          <select value={metric} onChange={(event) => setMetric(event.target.value)}>
            {metrics.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
      }
    />
  );
}
