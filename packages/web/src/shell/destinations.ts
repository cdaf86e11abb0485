/** What the search box offers for some typed words: commands, a breach by number, devices, a search of all records. */
import { shown } from '../lib/hostile-text.ts';
import { quoted } from '../lib/search-text.ts';

export interface Destination {
  key: string;
  /** What kind of thing it is. */
  kind: 'command' | 'breach' | 'device' | 'search';
  title: string;
  detail: string;
  to: string;
  search?: Record<string, string>;
}

const AREAS: readonly [string, string][] = [
  ['Threat Visualizer', '/'],
  ['Breaches', '/breaches'],
  ['Devices', '/devices'],
  ['Advanced Search', '/search'],
  ['System Status', '/sysstatus'],
];

interface FoundDevice {
  did: number;
  name: string;
  detail: string;
}

interface FoundModel {
  pbid: number;
  name: string;
  deviceName: string;
}

/** Destinations in the order of the list. `devices` are those that the appliance found, `breaches` those on screen. */
export function destinations(
  text: string,
  devices: readonly FoundDevice[],
  breaches: readonly FoundModel[],
): Destination[] {
  const asked = text.trim();
  if (asked === '') return areas('');
  const list: Destination[] = [];
  const pbid = /^#?(\d{1,10})$/.exec(asked)?.[1];
  if (pbid)
    list.push({
      key: `#${pbid}`,
      kind: 'breach',
      title: `Breach #${pbid}`,
      detail: '',
      to: `/modelbreach/${pbid}`,
    });
  for (const { did, name, detail } of devices)
    list.push({
      key: `did ${did}`,
      kind: 'device',
      title: shown(name),
      detail: shown(detail),
      to: `/device/${did}`,
    });
  list.push(...areas(asked.replace(/^>\s*(go to)?\s*/i, '').toLowerCase()));
  const words = asked.toLowerCase();
  for (const { pbid: id, name, deviceName } of breaches
    .filter((b) => b.name.toLowerCase().includes(words))
    .slice(0, 5))
    list.push({
      key: `#${id}`,
      kind: 'breach',
      title: name,
      detail: shown(deviceName),
      to: `/modelbreach/${id}`,
    });
  // what looks like the search language is searched as it is, anything else as a phrase
  const q = /[:"*()]|\b(AND|OR|NOT)\b/.test(asked) ? asked : quoted(asked);
  list.push({
    key: 'search',
    kind: 'search',
    title: 'Search all records',
    detail: q,
    to: '/search',
    search: { q },
  });
  return list.filter((d, i) => list.findIndex((other) => other.key === d.key) === i);
}

function areas(words: string): Destination[] {
  return AREAS.filter(([title]) => title.toLowerCase().includes(words)).map(([title, to]) => ({
    key: to,
    kind: 'command',
    title: `Go to ${title}`,
    detail: '',
    to,
  }));
}
