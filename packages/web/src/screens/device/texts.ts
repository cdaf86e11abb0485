/** Words of the device pages. */
import { formatDuration } from '../../lib/time-format.ts';

export const TEXT = {
  identity: 'Identity',
  hostname: 'Host name',
  label: 'Label',
  addresses: 'Addresses',
  mac: 'MAC',
  vendor: 'Vendor',
  network: 'Subnet',
  type: 'Type',
  because: 'Because',
  os: 'System',
  known: 'Known',
  firstSeen: 'First seen',
  lastSeen: 'Last seen',
  users: 'Users',
  tabs: { summary: 'Summary', pattern: 'Pattern of life', log: 'Event log' },
  breaches: 'Breaches in the time range',
  noBreaches: 'No breaches in the time range.',
  noBreachesWhy: 'Widen the time range (t -) to look further back.',
  metric: 'Metric',
  logLabel: 'Records of the device',
  search: 'Advanced Search',
  unknown: (did: string) => `There is no device ${did}.`,
  allDevices: 'All devices',
  devices: 'Devices',
  filter: 'Name, address, MAC…',
  columns: {
    score: 'Score',
    name: 'Name',
    ip: 'Address',
    type: 'Type',
    vendor: 'Vendor',
    mac: 'MAC',
    state: 'Known',
    seen: 'Last seen',
  },
  shownOf: (shown: number, total: number) =>
    `${shown.toLocaleString('en')} of ${total.toLocaleString('en')} devices`,
  none: 'No devices yet.',
  noneWhy: 'Devices appear as soon as their traffic is seen. Check the sources in System Status.',
  noMatch: (q: string) => `No device matches “${q}”.`,
  clear: 'Show all devices',
};

const STAGES = { learning: 'being learned', young: 'young', mature: 'well known' };

/** How well a device is known: `well known, 14 d of activity learned`. */
export function stageText(stage: keyof typeof STAGES, hours: number): string {
  if (stage === 'learning')
    return `${STAGES.learning}: ${formatDuration(hours * 3_600_000)} of activity so far; peers' behaviour is used until about 24 h`;
  return `${STAGES[stage]}, ${formatDuration(hours * 3_600_000)} of activity learned`;
}
