/** How the appliance is, and the network in numbers. */
import { hostname } from 'node:os';
import { status, utcText } from '@thymus/contract';
import type { StoredBreach, StoredDevice } from '@thymus/store';
import { machineGauge } from '../http/machine.ts';
import { type Site, serve } from '../http/serve.ts';
import type { Services, SourceStatus } from '../http/services.ts';
import type { LiveReport } from '../stages/live-report.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
/** A new network is learned for a week before all models speak. */
const LEARNING_DAYS = 7;

/** "04:55:54"; hours may pass 99. */
export function spanText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** "386.70 Mbps" */
export function bandwidthText(bitsPerSecond: number): string {
  const units = ['bps', 'kbps', 'Mbps', 'Gbps', 'Tbps'];
  let [value, unit] = [bitsPerSecond, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value.toFixed(2)} ${units[unit]}`;
}

const timeText = (ms: number | undefined): string => (ms === undefined ? 'Never' : utcText(ms));

/** Bits per second and connections per minute, over the last minutes and the last day up to the newest record. */
async function traffic({ lake }: Services, newest: number) {
  const over = async (span: number) => {
    const range = { query: '@type:conn', from: newest - span, to: newest + 1 };
    const [bytes, rows] = await Promise.all([
      lake.series(range, span, 'orig_bytes+resp_bytes'),
      lake.series(range, span),
    ]);
    const sum = (points: readonly { value: number }[]) => points.reduce((total, p) => total + p.value, 0);
    return { bits: (sum(bytes) * 8000) / span, perMinute: (sum(rows) * MINUTE) / span };
  };
  const [current, average] = [await over(5 * MINUTE), await over(DAY)];
  return {
    bandwidthCurrent: Math.round(current.bits),
    bandwidthCurrentString: bandwidthText(current.bits),
    bandwidthAverage: Math.round(average.bits),
    bandwidthAverageString: bandwidthText(average.bits),
    connectionsPerMinuteCurrent: Math.round(current.perMinute),
    connectionsPerMinuteAverage: Math.round(average.perMinute),
  };
}

/** Devices active and new within four spans, counted back from `now`. */
function population(devices: readonly StoredDevice[], now: number) {
  const since = (span: number, of: (device: StoredDevice) => number) =>
    devices.filter((device) => of(device) >= now - span).length;
  const seen = (device: StoredDevice) => device.lastSeen;
  const born = (device: StoredDevice) => device.firstSeen;
  return {
    activeDevices4Weeks: since(28 * DAY, seen),
    activeDevices7Days: since(7 * DAY, seen),
    activeDevices24Hours: since(DAY, seen),
    activeDevicesHour: since(HOUR, seen),
    newDevices4Weeks: since(28 * DAY, born),
    newDevices7Days: since(7 * DAY, born),
    newDevices24Hours: since(DAY, born),
    newDevicesHour: since(HOUR, born),
    devicesModeled: devices.length,
    deviceHostnames: devices.filter(({ hostname }) => hostname !== undefined).length,
    deviceMACAddresses: devices.filter(({ mac }) => mac !== undefined).length,
    credentials: credentialsOf(devices),
  };
}

/** Distinct credentials that were seen on devices. */
export const credentialsOf = (devices: readonly StoredDevice[]): number =>
  new Set(devices.flatMap(({ credentials }) => credentials.map(({ credential }) => credential))).size;

function breachFigures(breaches: readonly StoredBreach[]) {
  const models = (list: readonly StoredBreach[]) => new Set(list.map(({ pid }) => pid)).size;
  return {
    modelsBreached: models(breaches),
    modelsSuppressed: models(breaches.filter(({ suppressed }) => suppressed)),
  };
}

const wiredSource = ({ name, state, newest, message }: SourceStatus) => ({
  name,
  state,
  mostRecentTraffic: timeText(newest),
  ...(message === undefined ? {} : { message }),
});

/** What a network engineer asks of the mirrors: how much comes, how much is lost, whether both directions come. */
function liveFigures({ sources, oneWay }: LiveReport) {
  const { connections } = oneWay;
  return {
    capture: sources.map((source) => ({
      ...source,
      dropShare: percent(source.dropShare),
      duplicateShare: percent(source.packets === 0 ? 0 : source.duplicates / source.packets),
    })),
    unidirectionalTraffic: percent(connections === 0 ? 0 : oneWay.oneWay / connections),
  };
}

const percent = (share: number): number => Math.round(share * 10_000) / 100;

async function subnetData({ state }: Services, devices: readonly StoredDevice[]) {
  const bySid = Map.groupBy(devices, ({ sid }) => sid);
  return (await state.devices.subnets()).map(({ sid, network, lastSeen }) => ({
    sid,
    network,
    devices: bySid.get(sid)?.length ?? 0,
    clientDevices: (bySid.get(sid) ?? []).filter(({ typename }) => !typename.endsWith('server')).length,
    mostRecentTraffic: timeText(Math.max(lastSeen, ...(bySid.get(sid) ?? []).map((d) => d.lastSeen))),
  }));
}

/** A number of this installation that stays, made when it is first asked for. */
async function installationId({ state }: Services): Promise<string> {
  const known = await state.setting('uuid');
  if (known !== undefined) return known;
  const made = crypto.randomUUID();
  await state.setSetting('uuid', made);
  return made;
}

export function routeStatus(site: Site): void {
  const { services } = site;
  const gauge = machineGauge(services.folder);

  serve(site, status, async ({ fast }) => {
    const now = services.now();
    const [server, machine, devices, models] = await Promise.all([
      services.status(),
      gauge(),
      services.state.devices.list(),
      services.state.models.list(),
    ]);
    const month = { from: now - 28 * DAY, includeAcknowledged: true, includeSuppressed: true };
    const subnets = await subnetData(services, devices);
    return {
      time: utcText(now),
      installed: utcText(server.installed),
      version: services.version,
      hostname: hostname(),
      label: '',
      uuid: await installationId(services),
      type: 'master',
      inoculation: server.daysLearned < LEARNING_DAYS,
      uptime: spanText(now - server.started),
      systemuptime: spanText(machine.uptime),
      load: machine.load,
      cpu: machine.cpu,
      memoryUsed: machine.memoryUsed,
      diskUtilization: machine.diskUsed,
      diskSpaceUsed_: machine.diskUsed,
      dataQueue: server.backlog,
      ...(await traffic(services, server.newest ?? now)),
      newestRecord: timeText(server.newest),
      models: models.length,
      ...breachFigures(await services.state.breaches.list(month)),
      ...population(devices, now),
      subnets: subnets.length,
      subnetData: fast ? [] : subnets,
      probes: {},
      sources: server.sources.map(wiredSource),
      ...(server.live ? liveFigures(server.live) : {}),
    };
  });
}
