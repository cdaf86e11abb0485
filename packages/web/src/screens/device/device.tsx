/** One device: who it is, what is usual for it, what it did, what it breached. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useMemo } from 'react';
import { ApiError } from '../../api/client.ts';
import { breachesQuery, deviceQuery } from '../../api/queries.ts';
import { percentOf } from '../../lib/score.ts';
import { useTimeWindow, useTitle } from '../../shell/hooks.ts';
import { Entity } from '../../ui/entity.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ScoreMark } from '../../ui/score-mark.tsx';
import { Empty, Failure, Loaded } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Records } from '../breach/events.tsx';
import { deviceQuery as recordsOf } from '../breach/evidence.ts';
import { deviceNameOf } from '../home/tray.ts';
import { BreachList } from './breach-list.tsx';
import s from './device.module.css';
import { type Device, DeviceFacts } from './device-facts.tsx';
import { Pattern } from './pattern.tsx';
import { TEXT } from './texts.ts';

const TABS = [
  { id: 'summary', label: TEXT.tabs.summary, digit: '1' },
  { id: 'pattern', label: TEXT.tabs.pattern, digit: '2' },
  { id: 'log', label: TEXT.tabs.log, digit: '3' },
];

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
          <SafeText
            value={[device.typelabel, device.vendor, device.os].filter(Boolean).join(' · ')}
            most={100}
          />
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
  useTitle(deviceNameOf(device));
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
