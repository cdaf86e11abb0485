/** One thing a device did, as metrics measure it and indicators look at it. One object is reused for all of them. */

import type { Life } from './baseline/life.ts';
import type { DeviceState } from './devices/state.ts';
import type { Pair } from './rarity/pairs.ts';

export type ObservationKind =
  /** A connection was opened, or tried. */
  | 'connection'
  /** Bytes and seconds that were added to a connection. */
  | 'transfer'
  /** A packet to many. */
  | 'multicast'
  /** A name was asked for. */
  | 'lookup'
  /** New information leaked through names of one base domain. */
  | 'tunnel'
  /** A TLS handshake. */
  | 'handshake'
  /** An HTTP request. */
  | 'request'
  /** A log-in was tried. */
  | 'login'
  /** A credential was used on a device. */
  | 'credential'
  /** An operation that administers another machine. */
  | 'admin'
  /** A file action on another machine. */
  | 'file'
  /** The sequential test found a scan over hosts, or over ports of one host. */
  | 'hostscan'
  | 'portscan'
  /** A host was sent an echo request for the first time. */
  | 'ping'
  /** A device was seen for the first time. */
  | 'device'
  /** A model breached. */
  | 'breach';

export class Observation {
  kind: ObservationKind = 'connection';
  /** Name of the metric that is being counted. */
  metric = '';
  /** ms since the epoch. */
  time = 0;
  device!: DeviceState;
  life!: Life;
  /** The device at the other end, where it is internal and known. */
  peer: DeviceState | undefined;
  /** The device opened the connection. */
  outgoing = true;
  /** The other end lies outside. */
  external = false;
  /** The other end: address, name if one is known, registrable domain of the name. */
  ip = '';
  host = '';
  domain = '';
  /** Port of the responder; 0 for none. */
  port = 0;
  proto = '';
  service = '';
  uid = '';
  /** No answer, or a refusal. */
  failed = false;
  /** Payload bytes sent and received by the device, added by this observation; ms that it lasted. */
  up = 0;
  down = 0;
  duration = 0;
  /** First contact of the device with the other end (on this port, for internal ends). */
  isNew = false;
  /** The device has done this for more than a day. */
  isHabit = false;
  /** First contact with the other end in this hour. */
  isFirstThisHour = false;
  pair: Pair | undefined;
  /** What the observation says about itself: a name asked for, an operation, a credential, a model. */
  message = '';
  userAgent = '';
  ja3 = '';
  selfSigned = false;
  /** Rarity of the other end once it was asked for, -1 before. */
  rarity = -1;
  /** How much there was of it: new bits, targets, 1 otherwise. */
  size = 1;
  /** Chance of the observation on a usual day, from the test that made it; 1 = the test says nothing. */
  probability = 1;

  /** Back to a plain observation of `kind`, keeping nothing of the last one. */
  begin(kind: ObservationKind, time: number, device: DeviceState, life: Life): this {
    this.kind = kind;
    this.time = time;
    this.device = device;
    this.life = life;
    this.peer = undefined;
    this.outgoing = true;
    this.external = false;
    this.ip = this.host = this.domain = this.proto = this.service = this.uid = '';
    this.message = this.userAgent = this.ja3 = '';
    this.port = this.up = this.down = this.duration = 0;
    this.failed = this.isNew = this.isHabit = this.isFirstThisHour = this.selfSigned = false;
    this.pair = undefined;
    this.rarity = -1;
    this.size = 1;
    this.probability = 1;
    return this;
  }

  /** The other end as people know it. */
  get endpoint(): string {
    return this.host || this.ip;
  }
}
