/** What device this is and how it behaved in the month before the breach. */
import type { ReplyOf, uiDeviceByDid } from '@thymus/contract';
import { useMemo } from 'react';
import { MetricPanel } from '../../ui/metric-panel.tsx';
import { Loaded } from '../../ui/states.tsx';
import { DeviceFacts } from '../device/device-facts.tsx';
import s from './breach.module.css';
import type { Explanation } from './why.ts';

interface Props {
  query: {
    data: ReplyOf<typeof uiDeviceByDid> | undefined;
    error: unknown;
    isPending: boolean;
    refetch: () => unknown;
  };
  explanation: Explanation;
}

const MONTH = 28 * 86_400_000;

export function DeviceCard({ query, explanation }: Props) {
  const { time, did, components } = explanation;
  const window = useMemo(() => ({ from: time - MONTH, to: time + 86_400_000 }), [time]);
  const marks = useMemo(() => [time], [time]);
  const first = components[0];
  return (
    <div className={s.scroll}>
      <Loaded query={query}>{(device) => <DeviceFacts device={device} />}</Loaded>
      {first && <MetricPanel did={did} metric={first.metric} window={window} marks={marks} height={220} />}
    </div>
  );
}
