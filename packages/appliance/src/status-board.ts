/** Figures of the running server: what came last from where, what is behind, what does not work. */

import type { ServerStatus, SourceStatus } from './http/services.ts';
import type { Pipeline } from './pipeline.ts';
import type { Learned } from './stages/learn.ts';
import type { LiveReport, LiveSourceReport } from './stages/live-report.ts';

const DAY = 86_400_000;

export class StatusBoard {
  readonly #started: number;
  readonly #installed: number;
  readonly #newest = new Map<string, number>();
  readonly #faults = new Map<string, string>();
  #live: LiveReport | undefined;
  #oldest = Number.POSITIVE_INFINITY;

  constructor(started: number, installed: number) {
    this.#started = started;
    this.#installed = installed;
  }

  /** Takes what the lake had before this start. */
  recall(from: number, to: number): void {
    this.#oldest = Math.min(this.#oldest, from);
    this.#newest.set('earlier', Math.max(this.#newest.get('earlier') ?? Number.NEGATIVE_INFINITY, to));
  }

  learned({ source, oldest, newest }: Learned): void {
    const name = source.replace(/\/(packets|logs)$/, '');
    this.#oldest = Math.min(this.#oldest, oldest);
    this.#newest.set(name, Math.max(this.#newest.get(name) ?? Number.NEGATIVE_INFINITY, newest));
    this.#faults.delete('learn');
  }

  /** Takes what live capture does. */
  captured(report: LiveReport): void {
    this.#live = report;
    if (report.sources.every(({ fault }) => fault === '')) this.#faults.delete('capture');
  }

  fault(part: string, message: string): void {
    this.#faults.set(part, message);
  }

  /** Latest record of all sources, or undefined before the first. */
  get newest(): number | undefined {
    return this.#newest.size === 0 ? undefined : Math.max(...this.#newest.values());
  }

  async figures(pipeline: Pipeline): Promise<ServerStatus> {
    const { newest } = this;
    const faults = [...this.#faults].map(
      ([name, message]): SourceStatus => ({ name, state: 'error', message }),
    );
    const sources = [...this.#newest]
      .filter(([name]) => name !== 'earlier')
      .map(([name, at]): SourceStatus => ({ name, state: 'ok', newest: at }));
    return {
      started: this.#started,
      installed: this.#installed,
      ...(newest === undefined ? {} : { newest }),
      daysLearned: newest === undefined ? 0 : Math.max(0, newest - this.#oldest) / DAY,
      backlog: await pipeline.stores.backlog(),
      sources: [...faults, ...(this.#live ? this.#live.sources.map(liveSource) : []), ...sources],
      ...(this.#live ? { live: this.#live } : {}),
    };
  }
}

/** More is a sign of an overloaded machine: the records of what was lost are missing. */
const MUCH_DROPPED = 0.001;

function liveSource({ name, isUp, fault, dropShare, restarts }: LiveSourceReport): SourceStatus {
  if (fault !== '') return { name, state: 'error', message: fault };
  if (!isUp) return { name, state: 'warning', message: 'Capture is starting.' };
  if (dropShare > MUCH_DROPPED) {
    const percent = (100 * dropShare).toFixed(1);
    return {
      name,
      state: 'warning',
      message: `${percent} % of the packets are dropped: too many for this machine.`,
    };
  }
  return restarts > 0
    ? { name, state: 'ok', message: `Started again ${restarts} times.` }
    : { name, state: 'ok' };
}
