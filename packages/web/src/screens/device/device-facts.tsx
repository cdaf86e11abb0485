/** Who a device is: names, addresses, type with its reasons, how well it is known. */
import type { ReplyOf, uiDeviceByDid } from '@thymus/contract';
import { formatAgo } from '../../lib/time-format.ts';
import { useFormatTime, useNews } from '../../shell/hooks.ts';
import { Entity } from '../../ui/entity.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import s from './device.module.css';
import { stageText, TEXT } from './texts.ts';

export type Device = ReplyOf<typeof uiDeviceByDid>;

function Addresses({ device }: { device: Device }) {
  const { newest } = useNews();
  return (
    <ul>
      {device.ips.slice(0, 12).map(({ ip, lastSeen }) => (
        <li key={ip}>
          <Entity value={ip} field="source_ip" isMono />{' '}
          <span className="faint">{formatAgo(lastSeen, newest)}</span>
        </li>
      ))}
    </ul>
  );
}

export function DeviceFacts({ device }: { device: Device }) {
  const format = useFormatTime();
  const { hostname, label, mac, vendor, os, network, credentials } = device;
  return (
    <Panel title={TEXT.identity}>
      <div className={s.facts}>
        <Facts
          rows={[
            [TEXT.hostname, hostname && <Entity value={hostname} />],
            [TEXT.label, label && <SafeText value={label} />],
            [TEXT.addresses, device.ips.length > 0 && <Addresses device={device} />],
            [TEXT.mac, mac && <Entity value={mac} isMono />],
            [TEXT.vendor, vendor && <SafeText value={vendor} />],
            [TEXT.network, network && <span className="mono">{network}</span>],
          ]}
        />
        <Facts
          rows={[
            [TEXT.type, device.typelabel],
            [
              TEXT.because,
              device.typeReasons.length > 0 && <SafeText value={device.typeReasons.join('; ')} most={200} />,
            ],
            [TEXT.os, os && <SafeText value={os} />],
            [TEXT.known, stageText(device.stage, device.hoursLearned)],
            [
              TEXT.firstSeen,
              <time key="first" className="mono">
                {format(device.firstSeen, 'minute')}
              </time>,
            ],
            [
              TEXT.lastSeen,
              <time key="last" className="mono">
                {format(device.lastSeen, 'minute')}
              </time>,
            ],
            [
              TEXT.users,
              credentials.length > 0 &&
                credentials.slice(0, 6).map(({ credential }) => (
                  <div key={credential}>
                    <Entity value={credential} />
                  </div>
                )),
            ],
          ]}
        />
      </div>
    </Panel>
  );
}
