/** Connections: contacts, volumes, rarity of the other end, regularity, scans, guessing. */
import type { Conn, ConnUpdate } from '@thymus/core';
import type { DeviceState } from '../devices/state.ts';
import { countsClients, noteClient, noteServed, noteUsed, tellsByUse } from '../devices/types.ts';
import type { Observation } from '../observation.ts';
import { endpointRarity } from '../rarity/judge.ts';
import { noteBytes, noteContact, pairOf } from '../rarity/pairs.ts';
import type { Growth, Intake } from './intake.ts';
import { observeLogin } from './login.ts';
import { observeScan } from './scan.ts';
import { observeSession } from './session.ts';

/** A SYN that nobody answered, that was refused, or that was taken back before an answer came. */
const FAILED = new Set(['S0', 'REJ', 'RSTOS0']);
/** Counts of novelty are halved here, so that they follow a device that changes. */
const MAX_CONTACTS = 2_000;
const RARE = 95;

export function takeConn(record: Conn | ConnUpdate, intake: Intake): Ends {
  const { tracker } = intake.world;
  const { ts, source_ip, dest_ip } = record;
  const source = intake.sender(source_ip, record.orig_l2_addr, ts);
  const isAnswered = (record.resp_pkts ?? record.resp_bytes ?? 0) > 0;
  const dest = isAnswered ? intake.sender(dest_ip, record.resp_l2_addr, ts) : tracker.at(dest_ip);
  const scope = intake.scope.of(dest_ip);
  if (scope === 'multicast' || scope === 'broadcast') {
    if (source) multicast(record, source, intake);
    return { source, dest: undefined };
  }
  const growth = intake.growth(
    record.uid,
    amount(record.orig_bytes),
    amount(record.resp_bytes),
    amount(record.duration),
    record.kind === 'conn',
  );
  if (source) outgoing(record, source, dest, isAnswered, growth, intake);
  if (dest && isAnswered) incoming(record, source, dest, growth, intake);
  return { source, dest };
}

/** A number that can be counted; whatever a file says instead counts as nothing. */
const amount = (n: number | undefined): number => (n !== undefined && n > 0 && n < 2 ** 53 ? n : 0);

export interface Ends {
  source: DeviceState | undefined;
  dest: DeviceState | undefined;
}

/** A connection whose start was seen: of others, who called whom is a guess. */
const isStarted = (record: Conn | ConnUpdate): boolean =>
  record.proto !== 'tcp' || record.history === undefined || record.history.startsWith('S');

function multicast(record: Conn | ConnUpdate, source: DeviceState, intake: Intake): void {
  if (record.kind !== 'conn') return;
  const o = intake.observation('multicast', intake.now, source);
  describe(o, record, intake);
  o.ip = record.dest_ip;
  intake.emit(o);
}

/** Fills what both directions have in common. */
function describe(o: Observation, record: Conn | ConnUpdate, intake: Intake): void {
  o.uid = record.uid;
  o.proto = record.proto;
  o.service = record.service ?? '';
  o.port = record.proto === 'icmp' ? 0 : record.dest_port;
  // Only TCP has handshakes; one look per record, as uids are many and cold.
  const session = record.proto === 'tcp' ? intake.sessionOf(record.uid) : undefined;
  if (!session) return;
  o.ja3 = session.ja3;
  o.selfSigned = session.selfSigned;
  o.host = session.host;
}

function outgoing(
  record: Conn | ConnUpdate,
  source: DeviceState,
  dest: DeviceState | undefined,
  isAnswered: boolean,
  growth: Growth,
  intake: Intake,
): void {
  const o = intake.observation('connection', intake.now, source);
  describe(o, record, intake);
  o.peer = dest;
  o.ip = record.dest_ip;
  o.external = intake.scope.of(record.dest_ip) === 'external';
  o.failed = record.proto === 'tcp' && isStarted(record) && FAILED.has(record.conn_state);
  intake.world.pattern.open(source, o.life, o.time);
  const isWhole = growth.isStart && isStarted(record);
  if (o.external) external(o, record, isAnswered, growth, intake);
  else {
    o.host = '';
    internal(o, growth, intake);
  }
  if (isWhole && record.kind === 'conn') observeLogin(o, record, isAnswered, intake);
  if (isWhole) observeScan(o, record, isAnswered, intake);
  if (isWhole && !o.external && isAnswered) observeSession(o, record, intake);
  if (isWhole && isAnswered && !o.failed) uses(o, intake);
}

/** The type of a device shows in the services it turns to, */
function uses({ device, life, port }: Observation, intake: Intake): void {
  if (!tellsByUse(port) || !intake.isFirstThisHour(life, `u|${port}`)) return;
  if (noteUsed(device, port)) intake.world.tracker.markChanged(device);
}

/** and more so in those it offers. */
function serves(
  { device, life, port, ip, proto }: Observation,
  record: Conn | ConnUpdate,
  intake: Intake,
): void {
  if (!isStarted(record) || !intake.isFirstThisHour(life, `c|${ip}|${port}`)) return;
  const isClient =
    proto === 'tcp' && countsClients(device, port) && intake.isNew(life, `c|${ip}`, intake.now);
  const hasChanged = isClient ? noteClient(device) : noteServed(device, port);
  if (hasChanged) intake.world.tracker.markChanged(device);
}

function external(
  o: Observation,
  record: Conn | ConnUpdate,
  isAnswered: boolean,
  growth: Growth,
  intake: Intake,
): void {
  const { rarity } = intake.world;
  const { life, device, time } = o;
  o.host ||= intake.hostOf(o.ip);
  o.domain = o.host === '' ? '' : intake.domainOf(o.host);
  const key = `${o.endpoint}:${o.port}`;
  const pair = pairOf(life.pairs, key, time);
  o.pair = pair;
  if (growth.isStart) {
    o.isNew = intake.isNew(life, o.endpoint, time);
    o.isFirstThisHour = intake.isFirstThisHour(life, o.endpoint);
    noteContact(pair, record.ts, isAnswered && !o.failed);
    // Users are counted, not uses: once an hour is enough.
    if (o.isFirstThisHour || pair.count === 1 || (isAnswered && pair.answered === 1)) {
      if (isAnswered) note(o, intake);
      else rarity.ip.note(o.ip, device.did, time);
    }
  }
  if (growth.up + growth.down > 0) noteBytes(pair, growth.up, growth.down, amount(record.orig_bytes));
  volume(o, growth);
  if (growth.isStart) intake.emit(o);
  transfer(o, growth, intake);
  if (o.isFirstThisHour) novelty(o, intake);
}

/** The network has turned to this end. */
function note(o: Observation, intake: Intake): void {
  const { rarity, reference } = intake.world;
  const { did } = o.device;
  rarity.ip.note(o.ip, did, o.time);
  if (o.domain !== '') rarity.domain.note(o.domain, did, o.time);
  rarity.port.note(`${o.proto}/${o.port}`, did, o.time);
  if (!o.isFirstThisHour) return;
  const { asn } = reference.asn(o.ip);
  if (asn > 0) rarity.asn.note(String(asn), did, o.time);
  const country = reference.country(o.ip);
  if (country !== '') rarity.country.note(country, did, o.time);
}

/** Keeps how often new and rare ends are the device's habit. */
function novelty(o: Observation, intake: Intake): void {
  const { life } = o;
  life.contacts++;
  if (o.isNew && endpointRarity(o, intake.world) > RARE) life.fresh++;
  if (life.contacts < MAX_CONTACTS) return;
  life.contacts /= 2;
  life.fresh /= 2;
}

function internal(o: Observation, growth: Growth, intake: Intake): void {
  if (growth.isStart) {
    o.isNew = intake.isNew(o.life, `i|${o.ip}|${o.proto}/${o.port}`, o.time);
    o.isFirstThisHour = intake.isFirstThisHour(o.life, o.ip);
  }
  volume(o, growth);
  if (growth.isStart) intake.emit(o);
  transfer(o, growth, intake);
}

function volume(o: Observation, growth: Growth): void {
  o.up = growth.up;
  o.down = growth.down;
  o.duration = growth.duration;
}

function transfer(o: Observation, growth: Growth, intake: Intake): void {
  if (growth.up + growth.down === 0 && growth.duration === 0) return;
  o.kind = 'transfer';
  intake.emit(o);
  o.kind = 'connection';
}

function incoming(
  record: Conn | ConnUpdate,
  source: DeviceState | undefined,
  dest: DeviceState,
  growth: Growth,
  intake: Intake,
): void {
  const o = intake.observation('connection', intake.now, dest);
  describe(o, record, intake);
  o.outgoing = false;
  o.host = '';
  o.peer = source;
  o.ip = record.source_ip;
  o.external = intake.scope.of(record.source_ip) === 'external';
  o.failed = record.proto === 'tcp' && FAILED.has(record.conn_state);
  o.up = growth.down;
  o.down = growth.up;
  o.duration = growth.duration;
  intake.world.pattern.open(dest, o.life, o.time);
  if (growth.isStart) {
    if (source && !o.failed) serves(o, record, intake);
    intake.emit(o);
  }
  if (growth.up + growth.down > 0) {
    o.kind = 'transfer';
    intake.emit(o);
  }
}
