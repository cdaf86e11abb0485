/** The panels of System Status, one per group of figures. */
import type { ReplyOf, status } from '@thymus/contract';
import { formatCount } from '../../lib/quantity.ts';
import { wireTime } from '../../lib/time-format.ts';
import { useFormatTime } from '../../shell/hooks.ts';
import { Facts, Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import s from './status.module.css';
import { TEXT } from './texts.ts';

type Figures = ReplyOf<typeof status>;

/** A column head; the corner of a table has no name. */
export const Head = ({ name }: { name: string }) => (name === '' ? <td /> : <th>{name}</th>);

/** The documented API writes times in UTC without saying so; on screen they are in the zone of choice. */
function WireTime({ text }: { text: string }) {
  const format = useFormatTime();
  const ms = wireTime(text);
  return <span className="mono">{ms === undefined ? text : format(ms)}</span>;
}

const percent = (n: number) => `${Math.round(n)} %`;

export function Deployment({ figures: f, version }: { figures: Figures; version: string }) {
  return (
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
          [TEXT.installed, <WireTime key="i" text={f.installed} />],
          [
            TEXT.models,
            `${formatCount(f.models)}, ${formatCount(f.modelsBreached)} breached, ${formatCount(f.modelsSuppressed)} suppressed`,
          ],
        ]}
      />
    </Panel>
  );
}

export function Hardware({ figures: f }: { figures: Figures }) {
  return (
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
  );
}

export function Traffic({ figures: f }: { figures: Figures }) {
  return (
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
  );
}

export function Population({ figures: f }: { figures: Figures }) {
  return (
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
  );
}

export function Subnets({ figures: f }: { figures: Figures }) {
  return (
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
          {f.subnetData.slice(0, 40).map(({ sid, network, devices, clientDevices, mostRecentTraffic }) => (
            <tr key={sid}>
              <td className="mono">{network}</td>
              <td>{formatCount(devices)}</td>
              <td>{formatCount(clientDevices)}</td>
              <td>
                <WireTime text={mostRecentTraffic} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
