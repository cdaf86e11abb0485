/** What device this is, what else it breached around that time, and how it behaved in the month before. */

import { useQuery } from '@tanstack/react-query';
import type { ReplyOf, uiDeviceByDid } from '@thymus/contract';
import { useMemo } from 'react';
import { breachesQuery } from '../../api/queries.ts';
import { MetricPanel } from '../../ui/metric-panel.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loaded } from '../../ui/states.tsx';
import { BreachList } from '../device/breach-list.tsx';
import { DeviceFacts } from '../device/device-facts.tsx';
import s from './breach.module.css';
import { TEXT } from './texts.ts';
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

const DAY = 86_400_000;

function Others({ explanation: { did, pbid, time } }: { explanation: Explanation }) {
  const window = useMemo(() => ({ from: Math.floor(time - DAY), to: Math.ceil(time + DAY) }), [time]);
  const query = useQuery(breachesQuery(window));
  const own = useMemo(
    () => (query.data ?? []).filter((b) => b.did === did && b.pbid !== pbid).sort((a, b) => b.time - a.time),
    [query.data, did, pbid],
  );
  return (
    <Panel title={TEXT.others} actions={query.data && <span className="quiet">{own.length}</span>}>
      <Loaded query={query}>
        {() => (own.length > 0 ? <BreachList breaches={own} /> : <p className={s.hint}>{TEXT.noOthers}</p>)}
      </Loaded>
    </Panel>
  );
}

export function DeviceCard({ query, explanation }: Props) {
  const { time, did, components } = explanation;
  const window = useMemo(() => ({ from: time - 28 * DAY, to: time + DAY }), [time]);
  const marks = useMemo(() => [time], [time]);
  // rules without a band count something that has no graph
  const graphed = components.find((c) => c.usual) ?? components[0];
  return (
    <div className={s.scroll}>
      <Loaded query={query}>{(device) => <DeviceFacts device={device} />}</Loaded>
      <Others explanation={explanation} />
      {graphed && (
        <MetricPanel did={did} metric={graphed.metric} window={window} marks={marks} height={220} hideEmpty />
      )}
    </div>
  );
}
