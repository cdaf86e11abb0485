/**
 * Says who is behind an internal address at a time. Identity is the network card where one is seen or leased, a machine
 * name of Kerberos where addresses move without cards, the address itself otherwise. A new address never resets a device.
 */
import type { Dhcp, NetworkScope } from '@thymus/core';
import type { Device } from '../device.ts';
import { IN_USE, isCard, type MacState, Macs } from './macs.ts';
import { hostPart, NAME_RANK } from './names.ts';
import { type DeviceState, newDevice, touch } from './state.ts';
import { type SubnetState, Subnets } from './subnets.ts';
import { noteMaker, noteName, noteVendorClass } from './types.ts';

const MAX_IPS = 16;
const MAX_CREDENTIALS = 32;
/** A sensor tells the card with a connection's first record: at its end, or once a minute while it lasts. Some of them may be missed. */
const CARD_WAIT = 300_000;
const MAX_WAITING = 10_000;
/** Twice the largest network of the budgets that one process serves; later addresses stay nameless. */
const MAX_DEVICES = 200_000;
/** The outside learns at this interval that a device is still there. */
const REPORTED = 60_000;

export interface TrackerState {
  devices: DeviceState[];
  byIp: Map<string, number>;
  byName: Map<string, number>;
  waiting: Map<string, number>;
  /** Devices that may still turn out to be known ones. Absent in older snapshots. */
  unsettled?: number[];
  macs: Map<string, MacState>;
  subnets: Map<string, SubnetState>;
}

export class Tracker {
  readonly subnets: Subnets;
  readonly #scope: NetworkScope;
  readonly #firstId: number;
  readonly #makerOf: (mac: string) => string;
  readonly #devices: DeviceState[];
  readonly #byIp: Map<string, number>;
  readonly #byName: Map<string, number>;
  readonly #macs: Macs;
  /** Addresses that wait for their card → since when. */
  readonly #waiting: Map<string, number>;
  readonly #changed = new Set<number>();
  /** Devices that the outside has not been told of. */
  readonly #untold = new Set<number>();
  /** Devices that `takeNew` has not given out, in order of first sight. */
  readonly #unsettled: DeviceState[];

  /** Numbers of devices and subnets start at `firstId`; `makerOf` names the maker of a network card, '' if unknown. */
  constructor(scope: NetworkScope, firstId: number, makerOf: (mac: string) => string, saved?: TrackerState) {
    this.#scope = scope;
    this.#firstId = firstId;
    this.#makerOf = makerOf;
    this.#devices = saved?.devices ?? [];
    this.#byIp = saved?.byIp ?? new Map();
    this.#byName = saved?.byName ?? new Map();
    this.#waiting = saved?.waiting ?? new Map();
    this.#unsettled = (saved?.unsettled ?? []).flatMap((did) => this.byDid(did) ?? []);
    this.#macs = new Macs(saved?.macs);
    this.subnets = new Subnets(firstId, saved?.subnets);
  }

  get state(): TrackerState {
    return {
      devices: this.#devices,
      byIp: this.#byIp,
      byName: this.#byName,
      waiting: this.#waiting,
      unsettled: this.#unsettled.map(({ did }) => did),
      macs: this.#macs.state,
      subnets: this.subnets.state,
    };
  }

  get devices(): readonly DeviceState[] {
    return this.#devices;
  }

  byDid(did: number): DeviceState | undefined {
    return this.#devices[did - this.#firstId];
  }

  /** The device that uses the address now, without making one. */
  at(ip: string): DeviceState | undefined {
    return this.byDid(this.#byIp.get(ip) ?? 0);
  }

  /**
   * The device behind an address that sent something; undefined for addresses that are nobody's. Addresses that were
   * only asked for make no devices, or every sweep would fill the table.
   */
  sighting(ip: string, mac: string | undefined, ts: number, source: string): DeviceState | undefined {
    const scope = this.#scope.of(ip);
    if (scope !== 'internal') {
      if (scope === 'external' && isCard(mac)) this.#gateway(mac);
      return undefined;
    }
    const card = isCard(mac) ? this.#cardFor(mac, ip, this.at(ip), ts) : undefined;
    const device = this.#resolve(ip, card, mac, this.at(ip), ts, source);
    if (device) this.#use(device, ip, ts, source);
    return device;
  }

  /**
   * The device behind a message that does not name its card. Where a sensor sees cards, in whichever network, an address
   * nobody has yet waits for a connection or a lease, as those tell whether it is a known device at a new address.
   */
  speaker(ip: string, ts: number, source: string): DeviceState | undefined {
    if (!this.#byIp.has(ip) && this.subnets.hasCards) {
      const since = this.#waiting.get(ip) ?? ts;
      touch(this.#waiting, ip, since, MAX_WAITING);
      if (ts - since < CARD_WAIT) return undefined;
    }
    return this.sighting(ip, undefined, ts, source);
  }

  /** The card as an identity; none for a router's. An address that another card is using came through a router. */
  #cardFor(mac: string, ip: string, known: DeviceState | undefined, ts: number): MacState | undefined {
    const isTaken =
      known !== undefined && known.mac !== '' && known.mac !== mac && ts - (known.ips.get(ip) ?? 0) < IN_USE;
    // A client that was just given the address of another: its lease tells, which may be logged after the connection.
    if (isTaken && this.#macs.state.get(mac)?.isLeased) return undefined;
    if (isTaken) this.#macs.isGateway(mac);
    const card = isTaken ? undefined : this.#macs.sees(mac, ip, ts);
    if (!card) this.#releaseCard(mac);
    return card;
  }

  #resolve(
    ip: string,
    card: MacState | undefined,
    mac: string | undefined,
    known: DeviceState | undefined,
    ts: number,
    source: string,
  ): DeviceState | undefined {
    if (!card || !mac) return known ?? this.#create(ts, source);
    const owner = this.byDid(card.did);
    if (owner) {
      if (owner !== known) this.#take(owner, ip);
      return owner;
    }
    // A card nobody knows: it belongs to the address, unless that is held by another card.
    const device = known && known.mac === '' ? known : this.#create(ts, source);
    if (!device) return undefined;
    device.mac = mac;
    noteMaker(device, this.#makerOf(mac));
    card.did = device.did;
    this.#changed.add(device.did);
    return device;
  }

  #create(ts: number, source: string): DeviceState | undefined {
    if (this.#devices.length >= MAX_DEVICES) return undefined;
    const device = newDevice(this.#devices.length + this.#firstId, ts, source);
    this.#devices.push(device);
    this.#changed.add(device.did);
    this.#untold.add(device.did);
    this.#unsettled.push(device);
    return device;
  }

  #use(device: DeviceState, ip: string, ts: number, source: string): void {
    device.source = source;
    if (this.#byIp.get(ip) !== device.did) this.#take(device, ip);
    if (ts > device.lastSeen) device.lastSeen = ts;
    if (ts - device.reportedAt > REPORTED) {
      device.reportedAt = ts;
      this.#changed.add(device.did);
    }
    if (device.ip === ip) {
      device.ips.set(ip, ts);
      this.subnets.touch(device.sid, ts);
      return;
    }
    const subnet = this.subnets.at(ip, ts);
    if (device.mac !== '') this.subnets.noteCard(subnet);
    const { sid } = subnet;
    if (device.ips.size >= MAX_IPS && !device.ips.has(ip))
      this.#drop(device, device.ips.keys().next().value!);
    touch(device.ips, ip, ts, MAX_IPS);
    // Link-local addresses say nothing about the place of a device that has others.
    if (device.sid !== 0 && ip.startsWith('fe80')) return;
    device.ip = ip;
    if (device.sid === sid) return;
    this.subnets.move(device.sid, sid);
    device.sid = sid;
    this.#changed.add(device.did);
  }

  /** Gives an address to a device and takes it from the one that had it. */
  #take(device: DeviceState, ip: string): void {
    const before = this.at(ip);
    if (before && before !== device) {
      before.ips.delete(ip);
      if (before.ip === ip) before.ip = '';
      this.#changed.add(before.did);
      if (isEmpty(before)) this.#replace(before, device.did);
    }
    this.#byIp.set(ip, device.did);
    this.#waiting.delete(ip);
    this.#changed.add(device.did);
  }

  /** Nothing is left of a device: it leaves its subnet, and whoever was told of it is told so. */
  #replace(device: DeviceState, did: number): void {
    device.replacedBy = did;
    this.subnets.move(device.sid, 0);
    device.sid = 0;
  }

  /** The device is no longer reached under this address. */
  #drop(device: DeviceState, ip: string): void {
    device.ips.delete(ip);
    if (this.#byIp.get(ip) === device.did) this.#byIp.delete(ip);
  }

  #gateway(mac: string): void {
    this.#macs.isGateway(mac);
    this.#releaseCard(mac);
  }

  /** The card turned out to be a router's: the device that bore it goes on under its last address, and only that. */
  #releaseCard(mac: string): void {
    const state = this.#macs.state.get(mac);
    const device = state && this.byDid(state.did);
    if (!state || !device) return;
    state.did = 0;
    device.mac = '';
    noteMaker(device, '');
    for (const ip of [...device.ips.keys()]) {
      if (ip !== device.ip) this.#drop(device, ip);
    }
    this.#changed.add(device.did);
    if (isEmpty(device)) this.#replace(device, 0);
  }

  /** A lease: ties card, address and name together. */
  lease(record: Dhcp, source: string): DeviceState | undefined {
    const ip = record.assigned_addr ?? record.client_addr;
    if (!ip || !isCard(record.mac) || !this.#scope.isInternal(ip)) return undefined;
    this.subnets.noteDhcp(ip, record.ts);
    const card = this.#macs.leases(record.mac, ip, record.ts);
    const known = this.at(ip);
    const device = this.#resolve(ip, card, record.mac, known, record.ts, source);
    if (!device) return undefined;
    this.#use(device, ip, record.ts, source);
    const name = hostPart(record.client_fqdn) || hostPart(record.host_name);
    if (name) this.name(device, name, NAME_RANK.dhcp);
    if (record.vendor_class && noteVendorClass(device, record.vendor_class)) this.#changed.add(device.did);
    return device;
  }

  /** A name that a device was heard under. */
  name(device: DeviceState, name: string, rank: number): void {
    if (rank < device.hostnameRank || device.hostname === name) return;
    device.hostname = name;
    device.hostnameRank = rank;
    noteName(device, name);
    this.#changed.add(device.did);
  }

  /**
   * The machine name of a Kerberos log-in. Where no cards are seen, the name carries the identity over to a new address:
   * the old device takes the address over from the nameless one that just appeared there.
   */
  machine(device: DeviceState, ip: string, name: string, ts: number): DeviceState {
    const before = this.byDid(this.#byName.get(name) ?? 0);
    const hasMoved =
      before !== undefined &&
      before !== device &&
      before.mac === '' &&
      device.mac === '' &&
      device.hostname === '' &&
      ts - before.lastSeen > IN_USE;
    const owner = hasMoved ? before : device;
    if (hasMoved) this.#take(owner, ip);
    if (hasMoved) this.#use(owner, ip, ts, device.source);
    touch(this.#byName, name, owner.did, MAX_DEVICES);
    this.name(owner, name, NAME_RANK.kerberos);
    return owner;
  }

  /** A person logged in on the device. True if never before. */
  credential(device: DeviceState, credential: string, ts: number): boolean {
    const isNew = !device.credentials.has(credential);
    touch(device.credentials, credential, ts, MAX_CREDENTIALS);
    if (isNew) this.#changed.add(device.did);
    return isNew;
  }

  markChanged(device: DeviceState): void {
    this.#changed.add(device.did);
  }

  /** New devices about which it is settled by `ts` that they are no known ones at a new address; each is given out once. */
  takeNew(ts: number): DeviceState[] {
    if (this.#unsettled.length === 0) return NOBODY;
    const end = this.#unsettled.findIndex((device) => !this.#isSettled(device, ts));
    const list = this.#unsettled.splice(0, end < 0 ? this.#unsettled.length : end);
    return list.filter((device) => !isEmpty(device));
  }

  /** Whoever has a card or name is known; for the others, where there are such, it takes some minutes. */
  #isSettled(device: DeviceState, ts: number): boolean {
    if (device.mac !== '' || device.hostname !== '' || isEmpty(device)) return true;
    const mayFollow = this.subnets.hasCards || this.#byName.size > 0;
    return !mayFollow || ts - device.firstSeen >= CARD_WAIT;
  }

  /**
   * The devices that changed since the last call, in order of number. Those of which nothing is left are told as replaced,
   * or not at all if nobody was told of them.
   */
  drainChanged(): DeviceState[] {
    const numbers = [...this.#changed].sort((a, b) => a - b);
    this.#changed.clear();
    const list = numbers
      .flatMap((did) => this.byDid(did) ?? [])
      .filter((device) => !isEmpty(device) || !this.#untold.has(device.did));
    this.#untold.clear();
    return list;
  }

  /** Addresses as the outside sees them, the current one first. */
  addressesOf(device: DeviceState): Device['ips'] {
    return [...device.ips]
      .reverse()
      .map(([ip, lastSeen]) => ({ ip, lastSeen, sid: this.subnets.at(ip, lastSeen).sid }));
  }
}

/** Its only address turned out to be another device's, and it had no card or name by which to come back. */
const isEmpty = ({ ips, mac, hostname }: DeviceState): boolean =>
  ips.size === 0 && mac === '' && hostname === '';

const NOBODY: DeviceState[] = [];
