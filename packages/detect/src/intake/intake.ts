/** What all kinds of records need to be understood: who is who, what was said before, and where observations go. */
import { hashText, type NetworkScope } from '@thymus/core';
import type { Life } from '../baseline/life.ts';
import { newLife } from '../baseline/life.ts';
import type { DeviceState } from '../devices/state.ts';
import { Observation, type ObservationKind } from '../observation.ts';
import type { Outcomes } from '../rarity/scan.ts';
import { forget, newRecent, put, type Recent, recall } from '../state/recent.ts';
import type { World } from '../world.ts';

/** Names of addresses, and handshakes of connections, kept for records that follow. */
const MAX_HOSTS = 100_000;
const MAX_SESSIONS = 32_768;
const MAX_OPEN = 65_536;
const MAX_KNOWN = 2_048;
const MAX_HOUR_ENDS = 4_096;
const MAX_DOMAINS = 32_768;

/** What a handshake or request said about its connection. */
export interface Session {
  host: string;
  ja3: string;
  selfSigned: boolean;
}

/** Totals of a connection that is still open, as of its last update. */
export interface OpenConnection {
  up: number;
  down: number;
  duration: number;
}

export interface IntakeState {
  lives: Map<number, Life>;
  hosts: Recent<string>;
  sessions: Recent<Session>;
  open: Recent<OpenConnection>;
  selfSigned: Recent<boolean>;
  outcomes: { internal: Outcomes; external: Outcomes };
}

export type Sink = (o: Observation) => void;

export class Intake {
  readonly world: World;
  readonly scope: NetworkScope;
  readonly #lives: Map<number, Life>;
  readonly #hosts: Recent<string>;
  readonly #sessions: Recent<Session>;
  readonly #open: Recent<OpenConnection>;
  readonly #selfSigned: Recent<boolean>;
  readonly outcomes: IntakeState['outcomes'];
  readonly #domains = newRecent<string>();
  readonly #observation = new Observation();
  readonly #sink: Sink;
  /** Sensor or import whose record is being read. */
  source = '';
  /** Event time of the record as far as its source has come. */
  now = 0;

  constructor(world: World, scope: NetworkScope, sink: Sink, saved?: IntakeState) {
    this.world = world;
    this.scope = scope;
    this.#sink = sink;
    this.#lives = saved?.lives ?? new Map();
    this.#hosts = saved?.hosts ?? newRecent();
    this.#sessions = saved?.sessions ?? newRecent();
    this.#open = saved?.open ?? newRecent();
    this.#selfSigned = saved?.selfSigned ?? newRecent();
    this.outcomes = saved?.outcomes ?? { internal: { success: 0, all: 0 }, external: { success: 0, all: 0 } };
  }

  get state(): IntakeState {
    return {
      lives: this.#lives,
      hosts: this.#hosts,
      sessions: this.#sessions,
      open: this.#open,
      selfSigned: this.#selfSigned,
      outcomes: this.outcomes,
    };
  }

  lifeOf(device: DeviceState): Life {
    let life = this.#lives.get(device.did);
    if (!life) {
      life = newLife();
      this.#lives.set(device.did, life);
    }
    return life;
  }

  /** An observation of the device, to be filled and given to `emit`. There is one object for all of them. */
  observation(kind: ObservationKind, time: number, device: DeviceState): Observation {
    return this.#observation.begin(kind, time, device, this.lifeOf(device));
  }

  emit(o: Observation): void {
    this.#sink(o);
  }

  /** The device that sent something from this address. */
  sender(ip: string, mac: string | undefined, ts: number): DeviceState | undefined {
    return this.world.tracker.sighting(ip, mac, ts, this.source);
  }

  /** The device that sent a message of which the card is not known. */
  speaker(ip: string, ts: number): DeviceState | undefined {
    return this.world.tracker.speaker(ip, ts, this.source);
  }

  /** Remembers the name that was asked for when an address was the answer. */
  named(ip: string, host: string): void {
    put(this.#hosts, ip, host, MAX_HOSTS);
  }

  /** The name under which the address was last looked up. */
  hostOf(ip: string): string {
    return recall(this.#hosts, ip, MAX_HOSTS) ?? '';
  }

  /** The session of a connection, made where it is new. */
  session(uid: string): Session {
    const known = this.sessionOf(uid);
    if (known) return known;
    const session = { host: '', ja3: '', selfSigned: false };
    put(this.#sessions, uid, session, MAX_SESSIONS);
    return session;
  }

  sessionOf(uid: string): Session | undefined {
    return recall(this.#sessions, uid, MAX_SESSIONS);
  }

  certificate(fingerprint: string, isSelfSigned: boolean): void {
    put(this.#selfSigned, fingerprint, isSelfSigned, MAX_SESSIONS);
  }

  isSelfSigned(fingerprint: string | undefined): boolean {
    return fingerprint !== undefined && (recall(this.#selfSigned, fingerprint, MAX_SESSIONS) ?? false);
  }

  /** What is new since the last record of the connection; the record may be an update or the last one. */
  growth(uid: string, up: number, down: number, duration: number, isFinal: boolean): Growth {
    const isAny = this.#open.young.size + this.#open.old.size > 0;
    const before = isAny ? recall(this.#open, uid, MAX_OPEN) : undefined;
    if (!isFinal) put(this.#open, uid, { up, down, duration }, MAX_OPEN);
    else if (before) forget(this.#open, uid);
    return {
      isStart: before === undefined,
      up: Math.max(0, up - (before?.up ?? 0)),
      down: Math.max(0, down - (before?.down ?? 0)),
      duration: Math.max(0, duration - (before?.duration ?? 0)),
    };
  }

  /** Registrable domain, remembered, as the public suffix list is slow. */
  domainOf(host: string): string {
    const known = recall(this.#domains, host, MAX_DOMAINS);
    if (known !== undefined) return known;
    const domain = this.world.reference.domain(host);
    put(this.#domains, host, domain, MAX_DOMAINS);
    return domain;
  }

  /** True the first time that the device shows this key. */
  isNew(life: Life, key: string, ts: number): boolean {
    if (recall(life.known, key, MAX_KNOWN) !== undefined) return false;
    put(life.known, key, ts, MAX_KNOWN);
    return true;
  }

  /** When the device first showed this key, as far as is remembered. */
  firstTime(life: Life, key: string, ts: number): number {
    const first = recall(life.known, key, MAX_KNOWN);
    if (first === undefined) put(life.known, key, ts, MAX_KNOWN);
    return first ?? ts;
  }

  /** True the first time within the open hour of the device. */
  isFirstThisHour(life: Life, key: string): boolean {
    const hash = hashText(key);
    if (life.hourEnds.has(hash) || life.hourEnds.size >= MAX_HOUR_ENDS) return false;
    life.hourEnds.add(hash);
    return true;
  }
}

export interface Growth {
  /** The first record of the connection. */
  isStart: boolean;
  up: number;
  down: number;
  duration: number;
}
