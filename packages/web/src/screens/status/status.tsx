/** System Status, summary: is traffic coming in, is it learned from, does the machine keep up. */
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { aboutQuery, jobsQuery, statusQuery } from '../../api/queries.ts';
import { formatBytes, formatCount } from '../../lib/quantity.ts';
import { formatAgo } from '../../lib/time-format.ts';
import { useFormatTime, useSession, useTitle } from '../../shell/hooks.ts';
import { Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Empty, Loaded } from '../../ui/states.tsx';
import { type Check, checksOf, type Health } from './checks.ts';
import s from './status.module.css';
import { Deployment, Hardware, Head, Population, Subnets, Traffic } from './status-panels.tsx';
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
                        {/* an import counts bytes, a simulation its time */}
                        {job.kind === 'ingest' && `${formatBytes(job.progress.done)} · `}
                        {formatCount(job.progress.records)} records
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
    <Panel title={TEXT.data} className={s.wide}>
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
            <Deployment figures={f} version={version} />
            <Hardware figures={f} />
            <Traffic figures={f} />
            <Population figures={f} />
            <Subnets figures={f} />
          </>
        )}
      </Loaded>
      <Jobs />
      <About />
    </div>
  );
}
