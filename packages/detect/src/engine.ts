/**
 * The detector: records in, devices, pattern of life, and breaches out. It keeps no clock of its own: the same records in
 * the same order give the same breaches, also across a snapshot.
 */
import { type Enrichment, HOUR, type LogRecord } from '@thymus/core';
import type { Life } from './baseline/life.ts';
import { Pattern, type PatternState } from './baseline/pattern.ts';
import type { Breach } from './breach.ts';
import { Engine, type EngineState } from './breaches/engine.ts';
import { type WatermarkState, Watermarks } from './clock/watermarks.ts';
import { offsetsOf } from './clock/zone.ts';
import type { DetectorFace, DetectorOptions, DetectorOutput } from './detector.ts';
import type { Device } from './device.ts';
import type { DeviceState } from './devices/state.ts';
import { Tracker, type TrackerState } from './devices/tracker.ts';
import { viewOf } from './devices/view.ts';
import { INDICATORS } from './indicators/index.ts';
import { take } from './intake/index.ts';
import { Intake, type IntakeState } from './intake/intake.ts';
import type { MetricDefinition } from './metrics/definition.ts';
import { METRICS } from './metrics/index.ts';
import { Observation, type ObservationKind } from './observation.ts';
import { type Rarity, type RarityState, rarityState, rarityTables } from './rarity/kinds.ts';
import { decodeState, encodeState } from './state/codec.ts';
import type { World } from './world.ts';

/** Breaches of breaches of breaches: no model looks deeper. */
const MAX_DEPTH = 3;
/** How long a breach weighs in the score of its device, until it is worth a 1,000th. */
const FORGOTTEN = 10 * 24 * HOUR;

const BY_KIND = new Map<ObservationKind, MetricDefinition[]>();
for (const metric of METRICS) BY_KIND.set(metric.on, [...(BY_KIND.get(metric.on) ?? []), metric]);

interface State {
  tracker: TrackerState;
  rarity: RarityState;
  pattern: PatternState;
  intake: IntakeState;
  engine: EngineState;
  watermarks: WatermarkState;
}

export class Detector implements DetectorFace {
  readonly #options: DetectorOptions;
  readonly #tracker: Tracker;
  readonly #rarity: Rarity;
  readonly #pattern: Pattern;
  readonly #intake: Intake;
  readonly #engine: Engine;
  readonly #watermarks: Watermarks;
  readonly #world: World;
  #breaches: Breach[] = [];
  /** The record at hand came too late to raise breaches; it is delayed behind other sources. */
  #isLate = false;
  #isDelayed = false;

  /** A damaged snapshot is refused with BAD_FILE; an unknown time zone with BAD_CONFIG, a faulty model with BAD_INPUT. */
  constructor(options: DetectorOptions, snapshot?: Uint8Array) {
    const saved = snapshot ? (decodeState(snapshot) as State) : undefined;
    this.#options = options;
    this.#tracker = new Tracker(
      options.scope,
      options.firstId ?? 1,
      (mac) => options.reference.vendor(mac),
      saved?.tracker,
    );
    this.#rarity = rarityTables(saved?.rarity);
    this.#pattern = new Pattern(METRICS, offsetsOf(options.timeZone ?? 'UTC'), saved?.pattern);
    this.#world = {
      tracker: this.#tracker,
      rarity: this.#rarity,
      pattern: this.#pattern,
      reference: options.reference,
    };
    this.#intake = new Intake(this.#world, options.scope, (o) => this.#take(o), saved?.intake);
    this.#engine = new Engine(options.models, METRICS, INDICATORS, this.#world, saved?.engine);
    this.#watermarks = new Watermarks(saved?.watermarks);
  }

  observe(record: LogRecord, source: string): Enrichment {
    if (!isTime(record.ts)) return NOBODY;
    const time = this.#watermarks.timeOf(record, source);
    this.#isLate = this.#watermarks.isLate(time, source);
    this.#isDelayed = this.#watermarks.isDelayed(time);
    this.#intake.source = source;
    this.#intake.now = time;
    this.#pattern.devices = this.#tracker.devices.length;
    const { source: from, dest: to } = take(record, this.#intake);
    for (const device of this.#tracker.takeNew(time)) this.#appeared(device, time);
    return this.#enrichment(record, from, to);
  }

  advance(ts: number, source: string): void {
    if (!isTime(ts)) return;
    if (!this.#watermarks.advance(ts, source)) return;
    const hour = this.#pattern.hourAt(ts);
    for (const device of this.#tracker.devices) {
      if (device.source !== source) continue;
      const life = this.#intake.lifeOf(device);
      if (life.hour >= 0 && life.hour < hour) this.#pattern.close(device, life, hour, ts);
    }
  }

  drain(): DetectorOutput {
    const breaches = this.#breaches;
    this.#breaches = [];
    return {
      breaches,
      devices: this.#tracker.drainChanged().map((device) => this.#view(device)),
      subnets: this.#tracker.subnets.drain(),
      metrics: this.#pattern.drain(),
    };
  }

  snapshot(): Uint8Array {
    const state: State = {
      tracker: this.#tracker.state,
      rarity: rarityState(this.#rarity),
      pattern: this.#pattern.state,
      intake: this.#intake.state,
      engine: this.#engine.state,
      watermarks: this.#watermarks.state,
    };
    return encodeState(state);
  }

  #view(device: DeviceState): Device {
    const { reference } = this.#options;
    const life = this.#intake.lifeOf(device);
    return viewOf(device, life, this.#tracker, device.mac === '' ? '' : reference.vendor(device.mac));
  }

  #appeared(device: DeviceState, time: number): void {
    const o = this.#intake.observation('device', time, device);
    o.ip = device.ip;
    o.message = device.mac === '' ? 'known by its address only' : `network card ${device.mac}`;
    this.#take(o);
  }

  /** Counts an observation in all metrics that measure its kind. */
  #take(o: Observation, depth = 0): void {
    const metrics = BY_KIND.get(o.kind);
    if (!metrics) return;
    for (const metric of metrics) {
      const size = metric.measure(o);
      if (size <= 0) continue;
      if (metric.baseline) this.#pattern.count(o.device, o.life, metric, size, o.time);
      if (!this.#isLate) this.#engine.observe(metric.name, size, o);
    }
    for (const breach of this.#engine.take()) this.#breached(breach, o.device, o.life, depth);
  }

  /** Keeps a breach, and shows it to the models that watch models. */
  #breached(breach: Breach, device: DeviceState, life: Life, depth: number): void {
    breach.delayed = this.#isDelayed;
    this.#breaches.push(breach);
    const { name, compliance = false } = breach.model;
    const before = life.open.get(name);
    const isSuspect = breach.category !== 'Informational' && !breach.suppressed;
    if (!breach.suppressed) {
      life.open.set(name, { score: breach.score, time: breach.time, compliance, isSuspect });
      this.#tracker.markChanged(device);
    }
    for (const [model, open] of life.open) if (breach.time - open.time > FORGOTTEN) life.open.delete(model);
    if (depth >= MAX_DEPTH) return;
    const first = breach.components.at(-1)?.evidence;
    const o = new Observation().begin('breach', breach.time, device, life);
    o.message = name.replaceAll('::', ' / ');
    o.isNew = breach.model.priority > 0 && (before === undefined || breach.time - before.time > HOUR);
    o.ip = first?.endpoint ?? '';
    o.port = first?.port ?? 0;
    o.uid = first?.uids.at(-1) ?? '';
    o.probability = breach.parts.probability;
    this.#take(o, depth + 1);
    this.#rarity.model.note(o.message, device.did, breach.time);
  }

  #enrichment(record: LogRecord, from?: DeviceState, to?: DeviceState): Enrichment {
    const outside = this.#outsideOf(record);
    return {
      source_did: from?.did ?? 0,
      dest_did: to?.did ?? 0,
      country: outside === '' ? '' : this.#options.reference.country(outside),
      asn: outside === '' ? 0 : this.#options.reference.asn(outside).asn,
    };
  }

  #outsideOf(record: LogRecord): string {
    if (!('source_ip' in record)) return '';
    const { scope } = this.#options;
    if (record.dest_ip && scope.of(record.dest_ip) === 'external') return record.dest_ip;
    return record.source_ip && scope.of(record.source_ip) === 'external' ? record.source_ip : '';
  }
}

/** The year 2100: a later record has a broken clock, and would close all hours until then. */
const END_OF_TIME = 4_102_444_800_000;

const isTime = (ts: number): boolean => ts >= 0 && ts < END_OF_TIME;

const NOBODY: Enrichment = { source_did: 0, dest_did: 0, country: '', asn: 0 };
