/** Words of the home screen and the tray. */
import { formatCount } from '../../lib/quantity.ts';
import type { Hidden } from './tray.ts';

const breaches = (n: number) => (n === 1 ? '1 breach' : `${formatCount(n)} breaches`);

export const TEXT = {
  estate: 'Estate',
  patterns: 'Patterns',
  devices: 'Devices',
  clients: 'Clients',
  servers: 'Servers',
  subnets: 'Subnets',
  credentials: 'Credentials',
  timeline: 'Connections and breaches',
  timelineTotal: (n: number, isNarrow: boolean) =>
    `${formatCount(n)} connections${isNarrow ? '' : ' · drag to narrow the time range'}`,
  tray: 'Threat tray',
  threshold: 'Lowest score shown, percent',
  pivots: { model: 'Model', device: 'Device', none: 'Breach' },
  pivot: 'Group by (v)',
  heads: {
    score: 'Score',
    model: 'Model',
    device: 'Device',
    models: 'Models',
    category: 'Category',
    tags: 'Tags',
    over: 'Over time',
    time: 'Last',
  },
  pick: 'Pick (x)',
  pickAll: 'Pick all (X)',
  picked: (n: number) => `${breaches(n)} picked`,
  acknowledgePicked: 'Acknowledge',
  reopenPicked: 'Open again',
  unpick: 'Clear',
  noData: 'Nothing has come in yet.',
  noDataWhy: 'Import captures or logs, or watch an interface:',
  busy: (what: string) => `${what} Breaches appear here once the behaviour of the devices is known.`,
  find: 'Filter',
  findHint: 'Filter by words (f)',
  shownOf: (shown: number, all: number) => `${formatCount(shown)} of ${breaches(all)}`,
  news: (n: number, isStale: boolean) => {
    if (n > 0) return `▲ ${formatCount(n)} new`;
    return isStale ? 'Changed: refresh' : '▲ newer data';
  },
  hidden: 'hidden: ',
  acknowledged: 'acknowledged',
  suppressed: 'suppressed',
  comments: (n: number) => (n === 1 ? '1 comment' : `${n} comments`),
  devicesOf: (n: number) => (n === 1 ? '1 device' : `${formatCount(n)} devices`),
  times: (n: number) => `×${formatCount(n)}`,
  lower: (percent: number, n: number) => `Lower to ${percent} % to see ${breaches(n)}`,
  none: 'No breaches in this time range.',
  nothingAbove: (percent: number) => `Nothing at or above ${percent} %.`,
  allHidden: 'Everything in this time range is hidden by filters.',
  longer: 'Look at everything',
  clear: 'Clear filters',
  marks: (n: number, percent: number, time: string) => `${breaches(n)} from ${time}, highest ${percent}`,
};

/** The reasons why breaches are hidden, each with what shows them again. */
export function hiddenReasons(hidden: Hidden, min: number): { key: keyof Hidden; text: string }[] {
  const reasons: { key: keyof Hidden; text: string }[] = [
    { key: 'belowSlider', text: `${formatCount(hidden.belowSlider)} below ${min} %` },
    { key: 'acknowledged', text: `${formatCount(hidden.acknowledged)} acknowledged` },
    { key: 'suppressed', text: `${formatCount(hidden.suppressed)} suppressed` },
    { key: 'category', text: `${formatCount(hidden.category)} of other categories` },
    { key: 'text', text: `${formatCount(hidden.text)} without these words` },
  ];
  return reasons.filter(({ key }) => hidden[key] > 0);
}
