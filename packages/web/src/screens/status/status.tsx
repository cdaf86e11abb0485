/** System Status, summary: is traffic coming in, is it learned from, does the machine keep up. */
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { aboutQuery, jobsQuery, statusQuery } from '../../api/queries.ts';
import { formatBytes, formatCount } from '../../lib/quantity.ts';
import { formatAgo } from '../../lib/time-format.ts';
import { useFormatTime, useSession, useTitle } from '../../shell/hooks.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { type Check, checksOf, type Health } from './checks.ts';
import s from './status.module.css';
import { TEXT } from './texts.ts';

const ICONS = { OK: CircleCheck, Warning: TriangleAlert, Error: CircleAlert };

function Mark({ health }: { health: Health }) {
  const Icon = ICONS[health];
  return (
    <span className={s.mark} data-health={health}>
      <Icon size={16} aria-hidden="true" /> {health}
    </span>
  );
}

function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className={s.checks}>
      {checks.map(({ name, health, text, advice }) => (
        <li key={name}>
          <Mark health={health} />
          <b>{name}</b>
          <span>
            <SafeText value={text} />
            {advice && <span className="quiet"> {advice}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Jobs() {
  const jobs = useQuery(jobsQuery);
  const format = useFormatTime();
  return (
    <Panel title={TEXT.jobs}>
      <Loaded query={jobs} rows={2}>
        {(list) =>
          list.length === 0 ? (
            <Empty why={TEXT.noJobs}>
              <p>
                {TEXT.noJobsWhy} <code>thymus ingest</code>
              </p>
            </Empty>
          ) : (
            <ul className={s.jobs}>
              {list.slice(0, 12).map((job) => (
                <li key={job.id}>
                  <span className="mono">#{job.id}</span>
                  <b>{job.kind}</b>
                  <span className={s.state} data-state={job.state}>
                    {job.state}
                  </span>
                  <time className="mono quiet">{format(job.created, 'minute')}</time>
                  {job.progress && (
                    <span className={s.progress}>
                      {job.state === 'running' && (
                        <progress
                          max={job.progress.total || 1}
                          value={job.progress.done}
                          aria-label={TEXT.progress}
                        />
                      )}
                      <span className="quiet">
                        {formatBytes(job.progress.done)} · {formatCount(job.progress.records)} records
                      </span>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function About() {
  const about = useQuery(aboutQuery);
  return (
    <Panel title={TEXT.data}>
      <Loaded query={about} rows={3}>
        {({ data }) => (
          <table className={s.table}>
            <thead>
              <tr>
                {TEXT.dataColumns.map((name) => (
                  <Head key={name} name={name} />
                ))}
              </tr>
            </thead>
            <tbody>
              {data.map(({ name, version, licence, attribution }) => (
                <tr key={name}>
                  <td>{name}</td>
                  <td className="mono">{version}</td>
                  <td>{licence}</td>
                  <td className="quiet">{attribution}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

/** A column head; the corner of a table has no name. */
const Head = ({ name }: { name: string }) => (name === '' ? <td /> : <th>{name}</th>);

const percent = (n: number) => `${Math.round(n)} %`;

export function StatusScreen() {
  useTitle(TEXT.title);
  const status = useQuery(statusQuery);
  const { now, newest, sources, version, learning } = useSession();
  const format = useFormatTime();
  return (
    <div className={s.page}>
      <header className={s.head}>
        <h1>{TEXT.title}</h1>
        <span className="quiet">
          {TEXT.newest} {newest === null ? TEXT.never : `${format(newest)} (${formatAgo(newest, now)})`}
        </span>
      </header>
      <Loaded query={status} rows={9}>
        {(f) => (
          <>
            <Panel title={TEXT.health} className={s.wide}>
              <Checks checks={checksOf(f, sources, learning.days)} />
            </Panel>
            <Panel title={TEXT.deployment}>
              <Facts
                rows={[
                  [
                    TEXT.version,
                    <span key="v" className="mono">
                      {f.version || version}
                    </span>,
                  ],
                  [TEXT.host, <SafeText key="h" value={f.hostname} />],
                  [TEXT.type, f.type],
                  [
                    TEXT.uptime,
                    <span key="u" className="mono">
                      {f.uptime}
                    </span>,
                  ],
                  [
                    TEXT.installed,
                    <span key="i" className="mono">
                      {f.installed}
                    </span>,
                  ],
                  [
                    TEXT.models,
                    `${formatCount(f.models)}, ${formatCount(f.modelsBreached)} breached, ${formatCount(f.modelsSuppressed)} suppressed`,
                  ],
                ]}
              />
            </Panel>
            <Panel title={TEXT.hardware}>
              <ul className={s.meters}>
                {(
                  [
                    [TEXT.cpu, f.cpu],
                    [TEXT.load, f.load],
                    [TEXT.memory, f.memoryUsed],
                    [TEXT.disk, f.diskUtilization],
                  ] as const
                ).map(([name, value]) => (
                  <li key={name}>
                    <span>{name}</span>
                    <meter min={0} max={100} high={80} value={value} aria-label={name} />
                    <span>{percent(value)}</span>
                  </li>
                ))}
              </ul>
            </Panel>
            <Panel title={TEXT.traffic}>
              <table className={s.table}>
                <thead>
                  <tr>
                    {TEXT.trafficColumns.map((name) => (
                      <Head key={name} name={name} />
                    ))}
                  </tr>
                </thead>
                <tbody>
                  <tr>
                    <td>{TEXT.bandwidth}</td>
                    <td>{f.bandwidthCurrentString}</td>
                    <td>{f.bandwidthAverageString}</td>
                  </tr>
                  <tr>
                    <td>{TEXT.connections}</td>
                    <td>{formatCount(f.connectionsPerMinuteCurrent)}</td>
                    <td>{formatCount(f.connectionsPerMinuteAverage)}</td>
                  </tr>
                  <tr>
                    <td>{TEXT.queue}</td>
                    <td>{formatCount(f.dataQueue)}</td>
                    <td />
                  </tr>
                </tbody>
              </table>
            </Panel>
            <Panel title={TEXT.population}>
              <table className={s.table}>
                <thead>
                  <tr>
                    {TEXT.populationColumns.map((name) => (
                      <Head key={name} name={name} />
                    ))}
                  </tr>
                </thead>
                <tbody>
                  <tr>
                    <td>{TEXT.active}</td>
                    <td>{formatCount(f.activeDevicesHour)}</td>
                    <td>{formatCount(f.activeDevices24Hours)}</td>
                    <td>{formatCount(f.activeDevices7Days)}</td>
                    <td>{formatCount(f.activeDevices4Weeks)}</td>
                  </tr>
                  <tr>
                    <td>{TEXT.new}</td>
                    <td>{formatCount(f.newDevicesHour)}</td>
                    <td>{formatCount(f.newDevices24Hours)}</td>
                    <td>{formatCount(f.newDevices7Days)}</td>
                    <td>{formatCount(f.newDevices4Weeks)}</td>
                  </tr>
                </tbody>
              </table>
              <p className={s.note}>{TEXT.names(f.deviceHostnames, f.deviceMACAddresses, f.credentials)}</p>
            </Panel>
            <Panel title={TEXT.subnets}>
              <table className={s.table}>
                <thead>
                  <tr>
                    {TEXT.subnetColumns.map((name) => (
                      <Head key={name} name={name} />
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {f.subnetData
                    .slice(0, 40)
                    .map(({ sid, network, devices, clientDevices, mostRecentTraffic }) => (
                      <tr key={sid}>
                        <td className="mono">{network}</td>
                        <td>{formatCount(devices)}</td>
                        <td>{formatCount(clientDevices)}</td>
                        <td className="mono">{mostRecentTraffic}</td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </Panel>
          </>
        )}
      </Loaded>
      <Jobs />
      <About />
    </div>
  );
}
