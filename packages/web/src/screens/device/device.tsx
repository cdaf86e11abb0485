/** One device: who it is, what is usual for it, what it did, what it breached. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useMemo } from 'react';
import { ApiError } from '../../api/client.ts';
import { breachesQuery, deviceQuery, metricsQuery } from '../../api/queries.ts';
import { percentOf } from '../../lib/score.ts';
import type { TimeWindow } from '../../lib/time-range.ts';
import { useFormatTime, useTimeWindow } from '../../shell/hooks.ts';
import { Entity } from '../../ui/entity.tsx';
import { MetricPanel } from '../../ui/metric-panel.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ScoreMark } from '../../ui/score-mark.tsx';
import { Empty, Failure, Loaded } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Records } from '../breach/events.tsx';
import { deviceQuery as recordsOf } from '../breach/evidence.ts';
import { deviceNameOf, type TrayBreach } from '../home/tray.ts';
import s from './device.module.css';
import { type Device, DeviceFacts } from './device-facts.tsx';
import { TEXT } from './texts.ts';

const TABS = [
  { id: 'summary', label: TEXT.tabs.summary, digit: '1' },
  { id: 'pattern', label: TEXT.tabs.pattern, digit: '2' },
  { id: 'log', label: TEXT.tabs.log, digit: '3' },
];

function BreachList({ breaches }: { breaches: readonly TrayBreach[] }) {
  const format = useFormatTime();
  if (breaches.length === 0)
    return (
      <Empty why={TEXT.noBreaches}>
        <p>{TEXT.noBreachesWhy}</p>
      </Empty>
    );
  return (
    <ul className={s.breaches}>
      {breaches.slice(0, 50).map((b) => (
        <li key={b.pbid}>
          <ScoreMark percent={b.percent} />
          <Link to="/modelbreach/$pbid" params={{ pbid: String(b.pbid) }} className="cut">
            {b.folder && <span className="faint">{b.folder} / </span>}
            {b.name}
          </Link>
          {b.isAcknowledged && <span className="faint">acknowledged</span>}
          <time className="mono quiet">{format(b.time, 'minute')}</time>
        </li>
      ))}
    </ul>
  );
}

/** The metric that the URL names, or else the first there is. */
function useMetric(): [string, (name: string) => void, { name: string; label: string }[]] {
  const navigate = useNavigate();
  const { metric } = useSearch({ strict: false }) as { metric?: string };
  const metrics = useQuery(metricsQuery);
  const list = metrics.data ?? [];
  const set = (name: string) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, metric: name }), replace: true } as never);
  return [metric ?? list[0]?.name ?? '', set, list];
}

function Pattern({ did, window, marks }: { did: number; window: TimeWindow; marks: readonly number[] }) {
  const [metric, setMetric, metrics] = useMetric();
  if (!metric) return null;
  return (
    <MetricPanel
      did={did}
      metric={metric}
      window={window}
      marks={marks}
      height={340}
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

function DeviceHead({ device, q }: { device: Device; q: string }) {
  const name = deviceNameOf(device);
  return (
    <header className={s.head}>
      <ScoreMark percent={percentOf(device.score)} isLarge />
      <div className={s.title}>
        <h1>
          <SafeText value={name} most={80} />
        </h1>
        <p className={s.sub}>
          {device.ip && device.ip !== name && <Entity value={device.ip} field="source_ip" isMono />}
          {device.mac && <Entity value={device.mac} isMono />}
          <span>
            {[device.typelabel, device.vendor, device.os].filter(Boolean).map((t) => (
              <SafeText key={t} value={`${t} `} />
            ))}
          </span>
          {device.stage !== 'mature' && (
            <span className={s.stage}>{device.stage === 'learning' ? 'being learned' : 'young'}</span>
          )}
        </p>
      </div>
      <Link to="/search" search={{ q }} className={s.button}>
        <Search size={15} aria-hidden="true" /> {TEXT.search}
      </Link>
    </header>
  );
}

function Page({ device }: { device: Device }) {
  const { tab = 'summary' } = useSearch({ strict: false }) as { tab?: string };
  const window = useTimeWindow();
  const breaches = useQuery(breachesQuery(window));
  const own = useMemo(
    () => (breaches.data ?? []).filter((b) => b.did === device.did).sort((a, b) => b.time - a.time),
    [breaches.data, device.did],
  );
  const marks = useMemo(() => own.map((b) => b.time), [own]);
  const q = useMemo(() => recordsOf(device.ips.map((a) => a.ip)), [device.ips]);
  const active = TABS.some((t) => t.id === tab) ? tab : 'summary';
  return (
    <div className={s.page}>
      <DeviceHead device={device} q={q} />
      <Tabs tabs={TABS} active={active} label={deviceNameOf(device)}>
        {active === 'summary' && (
          <div className={s.summary}>
            <DeviceFacts device={device} />
            <Panel title={TEXT.breaches} actions={<span className="quiet">{own.length}</span>}>
              <Loaded query={breaches}>{() => <BreachList breaches={own} />}</Loaded>
            </Panel>
            <div className={s.wide}>
              <Pattern did={device.did} window={window} marks={marks} />
            </div>
          </div>
        )}
        {active === 'pattern' && <Pattern did={device.did} window={window} marks={marks} />}
        {active === 'log' && (
          <Records search={{ q, from: window.from, to: window.to }} label={TEXT.logLabel} />
        )}
      </Tabs>
    </div>
  );
}

export function DeviceScreen() {
  const { did = '' } = useParams({ strict: false });
  const number = /^-?\d{1,10}$/.test(did) ? Number(did) : Number.NaN;
  const device = useQuery({ ...deviceQuery(number), enabled: Number.isFinite(number) });
  if (!Number.isFinite(number) || (device.error instanceof ApiError && device.error.status === 404))
    return (
      <Empty why={<h1>{TEXT.unknown(did)}</h1>}>
        <Link to="/devices">{TEXT.allDevices}</Link>
      </Empty>
    );
  if (device.error && !device.data)
    return <Failure error={device.error} onRetry={() => void device.refetch()} />;
  return (
    <Loaded query={device} rows={9}>
      {(data) => <Page key={number} device={data} />}
    </Loaded>
  );
}
