/** Records and breaches as events of /details. */
import { type DetailEvent, utcText, type WireDevice } from '@thymus/contract';
import type { Device } from '@thymus/detect';
import type { Hit } from '@thymus/lake';
import type { StoredBreach, StoredDevice } from '@thymus/store';
import { type DeviceDetail, wireDevice } from './device.ts';

export interface EventContext {
  /** The device that is looked at. */
  did?: number | undefined;
  devices: ReadonlyMap<number, StoredDevice>;
  country(ip: string): string;
  asn(ip: string): { asn: number; name: string };
  detail: DeviceDetail;
  withBytes: boolean;
}

const head = (ms: number, action: string, eventType = action): DetailEvent => ({
  time: utcText(ms),
  timems: Math.floor(ms),
  action,
  eventType,
});

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An end of a connection: a device of ours, or an address outside. */
function endOf(did: number, ip: string, context: EventContext): Record<string, unknown> {
  const device = context.devices.get(did);
  if (device) {
    const { firstSeen, lastSeen, ...wired }: WireDevice = wireDevice(device, context.detail);
    return { id: did, ...wired, ...(firstSeen === undefined ? {} : { time: String(firstSeen), lastSeen }) };
  }
  if (did !== 0) return { id: did, did, ip };
  const { asn, name } = context.asn(ip);
  const countrycode = context.country(ip);
  return {
    ip,
    ...(asn === 0 ? {} : { asn: `AS${asn} ${name}` }),
    ...(countrycode === '' ? {} : { countrycode }),
  };
}

/** Clients know these states; everything else has simply happened. */
const FAILED = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR']);

/** A conn or conn_update record. */
export function connectionEvent(hit: Hit, context: EventContext): DetailEvent {
  const [source, destination] = [textOf(hit['source_ip']), textOf(hit['dest_ip'])];
  const [sdid, ddid] = [numberOf(hit['source_did']), numberOf(hit['dest_did'])];
  const isOut = context.did === undefined || context.did === sdid;
  const [up, down] = [numberOf(hit['orig_bytes']), numberOf(hit['resp_bytes'])];
  const status =
    hit.kind === 'conn_update' ? 'ongoing' : FAILED.has(textOf(hit['conn_state'])) ? 'failed' : '';
  const byteFields = {
    totalbytessincems: Math.floor(hit.ts),
    totalbytessince: utcText(hit.ts),
    totalbytesout: isOut ? up : down,
    totalbytesin: isOut ? down : up,
  };
  return {
    ...head(hit.ts, 'connection'),
    uid: textOf(hit['uid']),
    ...(status === '' ? {} : { status }),
    sdid,
    ddid,
    port: numberOf(hit['dest_port']),
    sourcePort: numberOf(hit['source_port']),
    destinationPort: numberOf(hit['dest_port']),
    direction: isOut ? 'out' : 'in',
    applicationprotocol: textOf(hit['service']).split(',')[0]!.toUpperCase() || 'Unknown',
    protocol: textOf(hit['proto']).toUpperCase(),
    sourceDevice: endOf(sdid, source, context),
    destinationDevice: endOf(ddid, destination, context),
    source,
    destination,
    ...(context.withBytes ? byteFields : {}),
  };
}

/** A notice or weird record. */
export function noticeEvent(hit: Hit, context: EventContext): DetailEvent {
  const [source, destination] = [textOf(hit['source_ip']), textOf(hit['dest_ip'])];
  const [sdid, ddid] = [numberOf(hit['source_did']), numberOf(hit['dest_did'])];
  const type = hit.kind === 'notice' ? textOf(hit['note']) : `Weird::${textOf(hit['name'])}`;
  return {
    ...head(hit.ts, 'notice'),
    uid: textOf(hit['uid']),
    type,
    msg: textOf(hit['msg']) || textOf(hit['addl']) || type,
    sdid,
    ddid,
    direction: context.did === ddid ? 'in' : 'out',
    destinationPort: numberOf(hit['dest_port']),
    sourceDevice: endOf(sdid, source, context),
    destinationDevice: endOf(ddid, destination, context),
    source,
    destination,
  };
}

/** A breach among the events of its device. */
export function breachNotice(breach: StoredBreach): DetailEvent {
  return {
    ...head(breach.time, 'notice', 'notice'),
    type: 'DT::ModelBreach',
    msg: breach.model.name,
    size: breach.score,
    direction: 'out',
    detail: { pid: breach.pid, pbid: breach.pbid, tags: breach.model.tags },
  };
}

/** The event that the answer about a breach begins with. */
export function policyBreach(
  breach: StoredBreach,
  cids: readonly number[],
  device: Device | undefined,
): DetailEvent {
  return {
    ...head(breach.time, 'policybreach'),
    pbid: breach.pbid,
    pid: breach.pid,
    phid: breach.phid,
    creationTime: Math.round(breach.creationTime),
    creationTimestamp: utcText(breach.creationTime),
    name: breach.model.name,
    components: [...cids],
    didRestrictions: [],
    didExclusions: [],
    throttle: breach.model.throttle,
    sharedEndpoints: breach.model.sharedEndpoints ?? false,
    interval: breach.model.interval,
    sequenced: breach.model.sequenced ?? false,
    active: true,
    retired: false,
    instanceID: breach.pbid,
    acknowledged: breach.acknowledged !== undefined,
    state: 'New',
    score: breach.score,
    commentCount: breach.commentCount,
    componentBreaches: breach.components.map(({ index }) => cids[index] ?? 0),
    componentBreachTimes: breach.components.map(({ time }) => Math.round(time)),
    devices: [breach.did],
    deviceLabels: [device?.hostname ?? ''],
  };
}

/** What changed about a device: the addresses it had. */
export const historyEvents = (device: StoredDevice): DetailEvent[] =>
  device.ips.map(({ ip, lastSeen }) => ({
    ...head(lastSeen, 'deviceHistory'),
    name: 'ip',
    value: ip,
    reason: 'traffic',
    device: { did: device.did, ...(device.hostname === undefined ? {} : { hostname: device.hostname }) },
  }));
