/** One breach: why it fired, the records behind it, the device, the metric with what was usual, comments. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError } from '../../api/client.ts';
import type { WireBreach } from '../../api/documented.ts';
import { breachQuery, deviceQuery as deviceByDid, explanationQuery } from '../../api/queries.ts';
import { wholeNumber } from '../../lib/url-state.ts';
import { MetricPanel } from '../../ui/metric-panel.tsx';
import { Empty, Failure, Loaded } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Pattern } from '../device/pattern.tsx';
import { toTrayBreach } from '../home/tray.ts';
import s from './breach.module.css';
import { Comments } from './comments.tsx';
import { DeviceCard } from './device-card.tsx';
import { Around, Events } from './events.tsx';
import { evidenceSearch } from './evidence.ts';
import { BreachHead } from './head.tsx';
import { ModelCard } from './model-card.tsx';
import { TEXT } from './texts.ts';
import { type Explanation, letterOf } from './why.ts';
import { WhyBox } from './why-box.tsx';

const DAY = 86_400_000;

const TABS = [
  { id: 'device', label: TEXT.tabs.device, digit: '1' },
  { id: 'events', label: TEXT.tabs.events, digit: '2' },
  { id: 'around', label: TEXT.tabs.around, digit: '3' },
  { id: 'graph', label: TEXT.tabs.graph, digit: '4' },
];

function Unknown({ pbid }: { pbid: string }) {
  return (
    <Empty why={<h1>{TEXT.unknown(pbid)}</h1>}>
      <p>{TEXT.unknownWhy}</p>
      <Link to="/breaches" search={{ min: 0 }}>
        All breaches
      </Link>
    </Empty>
  );
}

/** Metrics of the components over a week around the breach, each with its band. */
function Graphs({ explanation }: { explanation: Explanation }) {
  const { time, did, components } = explanation;
  const window = useMemo(() => ({ from: time - 6 * DAY, to: time + DAY }), [time]);
  const marks = useMemo(() => [time], [time]);
  const metrics = [...new Map(components.map((c) => [c.metric, c])).values()];
  const graphs = metrics.map((c) => (
    <MetricPanel
      key={c.metric}
      did={did}
      metric={c.metric}
      window={window}
      marks={marks}
      title={`${letterOf(c.index)} · ${c.label}`}
      hideEmpty
    />
  ));
  return (
    <>
      {graphs}
      <Pattern did={did} window={window} marks={marks} height={220} />
    </>
  );
}

function Page({ breach, explanation }: { breach: WireBreach; explanation: Explanation }) {
  const { tab = 'events' } = useSearch({ strict: false }) as { tab?: string };
  const row = useMemo(
    () => ({ ...toTrayBreach(breach), isAcknowledged: explanation.acknowledged !== undefined }),
    [breach, explanation.acknowledged],
  );
  const device = useQuery(deviceByDid(explanation.did));
  const ips = useMemo(
    () => device.data?.ips.map((a) => a.ip) ?? (row.ip ? [row.ip] : []),
    [device.data, row.ip],
  );
  const evidence = useMemo(() => evidenceSearch(explanation, ips), [explanation, ips]);
  const active = TABS.some((t) => t.id === tab) ? tab : 'events';
  return (
    <div className={s.page}>
      <BreachHead breach={row} explanation={explanation} evidence={evidence} />
      <div className={s.side}>
        <WhyBox explanation={explanation} />
        <ModelCard breach={breach} explanation={explanation} />
        <Comments pbid={row.pbid} />
      </div>
      <Tabs tabs={TABS} active={active} label={`Breach ${row.pbid}`}>
        {active === 'device' && <DeviceCard query={device} explanation={explanation} />}
        {active === 'events' && <Events evidence={evidence} />}
        {active === 'around' && <Around explanation={explanation} ips={ips} />}
        {active === 'graph' && <Graphs explanation={explanation} />}
      </Tabs>
    </div>
  );
}

export function BreachScreen() {
  const { pbid = '' } = useParams({ strict: false });
  const number = wholeNumber(pbid, 0, Number.MAX_SAFE_INTEGER, 0);
  const breach = useQuery({ ...breachQuery(number), enabled: number > 0 });
  const explanation = useQuery({ ...explanationQuery(number), enabled: number > 0 });
  const error = breach.error ?? explanation.error;
  if (number === 0 || (error instanceof ApiError && [404, 410].includes(error.status)))
    return <Unknown pbid={pbid} />;
  if (error && !breach.data)
    return (
      <Failure error={error} onRetry={() => void Promise.all([breach.refetch(), explanation.refetch()])} />
    );
  return (
    <Loaded query={breach} rows={9}>
      {(data) => (
        <Loaded query={explanation} rows={9}>
          {(why) => <Page key={number} breach={data} explanation={why} />}
        </Loaded>
      )}
    </Loaded>
  );
}
