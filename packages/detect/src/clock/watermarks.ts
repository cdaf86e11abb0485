/** How far each source has come in event time; a record is late only behind its own source. */
import { DAY, HOUR, type LogRecord, MINUTE } from '@thymus/core';
import { touch } from '../devices/state.ts';

/** Out-of-order within this is normal: flush intervals of sensors are below it. */
const LATENESS = 10 * MINUTE;

/** Sensors and parts of imports; the oldest is forgotten. */
const MAX_SOURCES = 4_096;

export interface WatermarkState {
  /** Source → no older record will come; and the latest start of a record. */
  marks: Map<string, { passed: number; newest: number; hour: number }>;
  newest: number;
}

export class Watermarks {
  readonly #marks: WatermarkState['marks'];
  #newest: number;

  constructor(saved?: WatermarkState) {
    this.#marks = saved?.marks ?? new Map();
    this.#newest = saved?.newest ?? Number.NEGATIVE_INFINITY;
  }

  get state(): WatermarkState {
    return { marks: this.#marks, newest: this.#newest };
  }

  #of(source: string): { passed: number; newest: number; hour: number } {
    let mark = this.#marks.get(source);
    if (!mark) {
      mark = { passed: Number.NEGATIVE_INFINITY, newest: Number.NEGATIVE_INFINITY, hour: 0 };
      touch(this.#marks, source, mark, MAX_SOURCES);
    }
    return mark;
  }

  /**
   * When a record became known: a connection is known at its end, but not later than its source has come, as logs may
   * be sorted by starts.
   */
  timeOf(record: LogRecord, source: string): number {
    const mark = this.#of(source);
    if (record.ts > mark.newest) mark.newest = record.ts;
    if (record.kind !== 'conn' && record.kind !== 'conn_update') return record.ts;
    // Longer than a month is a fault of the sensor.
    const duration = record.duration ?? 0;
    return duration > 0 && duration < DAY * 30
      ? Math.max(record.ts, Math.min(record.ts + duration, mark.newest))
      : record.ts;
  }

  /** Behind what its own source has passed: counted, but too late to raise breaches. */
  isLate(time: number, source: string): boolean {
    return time < this.#of(source).passed - LATENESS;
  }

  /** Behind other sources, as after an outage of a sensor: breaches are raised and marked. */
  isDelayed(time: number): boolean {
    return time < this.#newest - LATENESS;
  }

  /** True when the source has entered another hour. */
  advance(ts: number, source: string): boolean {
    const mark = this.#of(source);
    if (ts > mark.passed) mark.passed = ts;
    if (ts > this.#newest) this.#newest = ts;
    const hour = Math.floor(mark.passed / HOUR);
    if (hour === mark.hour) return false;
    mark.hour = hour;
    return true;
  }
}
