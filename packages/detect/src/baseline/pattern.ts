/** The pattern of life: counts metrics by device and hour, says how unusual a count is, and learns when the hour closes. */
import { DAY, HOUR, hourOfDay, isWeekend, type Metric, MINUTE } from '@thymus/core';
import { localHour, type OffsetAt } from '../clock/zone.ts';
import type { DeviceState } from '../devices/state.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import { Calibration, type CalibrationState } from './calibration.ts';
import type { Life } from './life.ts';
import { quantileOf, surpriseOf } from './negative-binomial.ts';
import { Peers, type PeersState } from './peers.ts';
import {
  cellOf,
  type Expectation,
  expectation,
  learn,
  learnSilence,
  newSeries,
  type Series,
} from './series.ts';

/** A burst is compared with at least this share of an hour: the first seconds of an hour hold no rate. */
const LEAST_EXPOSURE = 1 / 12;
/** Longer silence says nothing new: four weeks fade a cell to an eighth. */
const LONGEST_SILENCE = 28 * 24;
/** Learning is held back while a device has an open Suspicious or Critical breach of the last day. */
const SUSPECT_TRUST = 0.1;
/** Hours of a metric are recorded when something happened in them. */
const SURPRISING = -Math.log(1e-3);
/** Share of devices that are surprised in the same hour by chance; more than that is a common cause, such as a patch day. */
const COMMON_SHARE = 2e-3;
/** A device is known well enough to compare it with itself after a day of activity. */
export const LEARNING_HOURS = 24;

export interface PatternState {
  calibration: CalibrationState;
  peers: PeersState;
  /** Metric → hour → devices that were surprised in it. */
  common: Map<string, { hour: number; dids: Set<number> }>;
  day: number;
  deviceHours: number;
}

export class Pattern {
  readonly #calibration: Calibration;
  readonly #peers: Peers;
  readonly #common: PatternState['common'];
  readonly #offsetAt: OffsetAt;
  readonly #learned: readonly MetricDefinition[];
  /** Metric → units in one step of it. */
  readonly #quanta: ReadonlyMap<string, number>;
  #day: number;
  #closed: Metric[] = [];
  /** Devices of the network, for the common cause. */
  devices = 1;
  /** Hours with traffic, over all devices. */
  deviceHours: number;

  constructor(metrics: readonly MetricDefinition[], offsetAt: OffsetAt, saved?: PatternState) {
    this.#learned = metrics.filter((m) => m.baseline);
    this.#quanta = new Map(this.#learned.map(({ name, quantum }) => [name, quantum ?? 1]));
    this.#offsetAt = offsetAt;
    this.#calibration = new Calibration(saved?.calibration);
    this.#peers = new Peers(saved?.peers);
    this.#common = saved?.common ?? new Map();
    this.#day = saved?.day ?? 0;
    this.deviceHours = saved?.deviceHours ?? 0;
  }

  get state(): PatternState {
    return {
      calibration: this.#calibration.state,
      peers: this.#peers.state,
      common: this.#common,
      day: this.#day,
      deviceHours: this.deviceHours,
    };
  }

  /** Local hours since the epoch. */
  hourAt(ts: number): number {
    return localHour(ts, this.#offsetAt(ts));
  }

  /** Opens the hour of `ts` for the device, closing the one before. Earlier times count into the open hour. */
  open(device: DeviceState, life: Life, ts: number): void {
    const hour = this.hourAt(ts);
    if (hour <= life.hour) return;
    if (life.hour >= 0) this.close(device, life, hour, ts);
    life.hour = hour;
    if (hour !== device.lastActiveHour) {
      device.lastActiveHour = hour;
      device.hoursLearned++;
      this.deviceHours++;
    }
  }

  /** Closes the open hour and the silent ones up to `until` (local hours; not included). */
  close(device: DeviceState, life: Life, until: number, ts: number): void {
    const trust = isSuspect(life, ts) ? SUSPECT_TRUST : 1;
    const start = life.hour * HOUR - this.#offsetAt(ts);
    const cell = cellAt(life.hour);
    for (const metric of this.#learned) {
      const series = life.series.get(metric.name);
      if (series) this.#closeSeries(device, series, metric, cell, start, trust);
      else if (trust === 1) this.#closeNothing(device, metric, cell, start);
    }
    life.hourEnds.clear();
    const from = Math.max(life.hour + 1, until - LONGEST_SILENCE);
    for (let hour = from; hour < until; hour++) {
      const silent = cellAt(hour);
      for (const series of life.series.values()) learnSilence(series, silent, trust);
    }
    life.hour = until - 1;
    this.#newDay(Math.floor(until / 24));
  }

  #closeSeries(
    device: DeviceState,
    series: Series,
    metric: MetricDefinition,
    cell: number,
    start: number,
    trust: number,
  ): void {
    const quantum = metric.quantum ?? 1;
    const x = Math.ceil(series.count / quantum);
    const expected = this.#expected(device, series, metric.name, cell);
    if (x > expected.mean) series.peak = Math.max(series.peak, surpriseOf(x, expected.mean, expected.size));
    const { peak } = series;
    const group = groupOf(device, series, start);
    if (x > 0)
      this.#record(
        device,
        series,
        metric,
        start,
        expected,
        this.#calibration.chance(metric.name, group, peak),
      );
    if (trust === 1 && !this.isLearning(device)) {
      this.#calibration.note(metric.name, group, peak);
    }
    if (trust === 1) this.#peers.note(device.typename, metric.name, cell, x);
    learn(series, cell, x, expected, trust);
    series.count = series.peak = series.checkedCount = 0;
    series.chance = 1;
    series.checkedAt = Number.NEGATIVE_INFINITY;
  }

  /** The device has never shown anything in this metric; that, too, says what is usual. */
  #closeNothing(device: DeviceState, metric: MetricDefinition, cell: number, start: number): void {
    if (!this.isLearning(device)) this.#calibration.note(metric.name, ageOf(device, start), 0);
    this.#peers.note(device.typename, metric.name, cell, 0);
  }

  #record(
    device: DeviceState,
    series: Series,
    metric: MetricDefinition,
    ts: number,
    expected: Expectation,
    chance: number,
  ): void {
    const quantum = metric.quantum ?? 1;
    const band = bandOf(expected, quantum);
    const surprise = -Math.log(chance);
    if (series.count <= 0 && surprise < SURPRISING) return;
    this.#closed.push({
      kind: 'metric',
      ts,
      did: device.did,
      name: metric.name,
      value: series.count,
      ...band,
      surprise,
    });
  }

  #expected(device: DeviceState, series: Series, metric: string, cell: number): Expectation {
    const { shape, level } = this.#peers.prior(device.typename, metric, cell);
    return expectation(series, cell, shape, level);
  }

  #newDay(day: number): void {
    if (day <= this.#day) return;
    if (this.#day > 0) {
      this.#calibration.fade();
      this.#peers.fade();
    }
    this.#day = day;
  }

  /** Counts `size` units of a metric. */
  count(device: DeviceState, life: Life, metric: MetricDefinition, size: number, ts: number): void {
    let series = life.series.get(metric.name);
    if (!series) {
      series = newSeries(Math.max(0, Math.floor((ts - device.firstSeen) / DAY)));
      life.series.set(metric.name, series);
    }
    series.count += size;
    if (this.isLearning(device)) return;
    const isDue = ts - series.checkedAt >= MINUTE || series.count >= 2 * series.checkedCount;
    if (isDue) this.#look(device, life, series, metric, ts);
  }

  /** Compares the part of the hour that has passed with what is usual for it. */
  #look(device: DeviceState, life: Life, series: Series, metric: MetricDefinition, ts: number): void {
    series.checkedAt = ts;
    series.checkedCount = series.count;
    const start = life.hour * HOUR - this.#offsetAt(ts);
    const cell = cellAt(life.hour);
    const expected = this.#expected(device, series, metric.name, cell);
    const exposure = Math.min(1, Math.max(LEAST_EXPOSURE, (ts - start) / HOUR));
    const x = Math.ceil(series.count / (metric.quantum ?? 1));
    const mean = expected.mean * exposure;
    if (x <= mean) {
      series.chance = 1;
      return;
    }
    const surprise = surpriseOf(x, mean, expected.size);
    series.peak = Math.max(series.peak, surprise);
    const chance = this.#calibration.chance(metric.name, groupOf(device, series, ts), surprise);
    series.chance = this.#withoutCommonCause(metric.name, life.hour, device.did, chance);
  }

  #withoutCommonCause(metric: string, hour: number, did: number, chance: number): number {
    if (chance > 1e-3) return chance;
    let common = this.#common.get(metric);
    if (!common || common.hour !== hour) {
      common = { hour, dids: new Set() };
      this.#common.set(metric, common);
    }
    common.dids.add(did);
    const share = (common.dids.size - 1) / Math.max(1, this.devices - 1);
    return Math.min(1, chance * Math.max(1, share / COMMON_SHARE));
  }

  /** The device is too new to be compared with itself. */
  isLearning(device: DeviceState): boolean {
    return device.hoursLearned <= LEARNING_HOURS;
  }

  /** Chance of what the open hour holds so far; 1 while the device is not known well enough. */
  chanceOf(device: DeviceState, life: Life, metric: string): number {
    if (this.isLearning(device)) return 1;
    return life.series.get(metric)?.chance ?? 1;
  }

  /** The open hour against the largest that devices of its type have, as a multiple; undefined while those are not known. */
  peerRatio(device: DeviceState, life: Life, metric: string): number | undefined {
    const largest = this.#peers.largest(device.typename, metric);
    const quantum = this.#quanta.get(metric);
    if (largest === undefined || quantum === undefined) return undefined;
    return (life.series.get(metric)?.count ?? 0) / quantum / Math.max(1, largest);
  }

  /** What is usual in the open hour, in units of the metric. */
  usual(device: DeviceState, life: Life, metric: MetricDefinition): UsualBand | undefined {
    const series = life.series.get(metric.name);
    if (!series || series.hours < 1) return undefined;
    const cell = cellAt(life.hour);
    const band = bandOf(this.#expected(device, series, metric.name, cell), metric.quantum ?? 1);
    return { ...band, hours: device.hoursLearned };
  }

  drain(): Metric[] {
    const list = this.#closed;
    this.#closed = [];
    return list;
  }
}

export interface UsualBand {
  low: number;
  median: number;
  high: number;
  hours: number;
}

/** The cell of a local hour since the epoch. */
const cellAt = (hour: number): number => cellOf(hourOfDay(hour * HOUR), isWeekend(hour * HOUR));

/** Normal value of the 95 % quantile. */
const Z = 1.645;

function bandOf({ mean, size }: Expectation, quantum: number): { low: number; median: number; high: number } {
  return {
    low: quantum * quantileOf(-Z, mean, size),
    median: quantum * quantileOf(0, mean, size),
    high: quantum * quantileOf(Z, mean, size),
  };
}

const isSuspect = (life: Life, ts: number): boolean => {
  for (const breach of life.open.values()) if (breach.isSuspect && ts - breach.time < DAY) return true;
  return false;
};

const AGES = 5;

/** Level of activity (8 classes by doubling) and age (5 classes): hours are compared with hours of their like. */
function groupOf(device: DeviceState, series: Series, ts: number): number {
  const mean = series.sum / Math.max(1, series.weight);
  const activity = Math.min(7, Math.floor(Math.log2(1 + mean)));
  return activity * AGES + ageOf(device, ts);
}

function ageOf(device: DeviceState, ts: number): number {
  const days = (ts - device.firstSeen) / DAY;
  return days < 1 ? 0 : days < 3 ? 1 : days < 7 ? 2 : days < 28 ? 3 : 4;
}
