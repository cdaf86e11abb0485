/** Imports, one thread each, and the simulated estate: they end with their work, or when they are told to. */
import { ThymusError } from '@thymus/core';
import type { IntakeProgress, IntakeSummary } from '../stages/intake.ts';
import type { Crew } from './crew.ts';
import { errorOf } from './failure.ts';
import type { FromDemoWorker, FromIntakeWorker, ToIntakeWorker } from './messages.ts';

export interface ImportRequest {
  paths: string[];
  caseName?: string;
  signal?: AbortSignal;
  onProgress?: (progress: IntakeProgress) => void;
}

export interface SimulateRequest {
  seed: number;
  devices: number;
  days: number;
  /** End of the simulated time, ms since the epoch. */
  end: number;
}

/** Simulated ms, done and in total. */
export interface SimulateProgress {
  done: number;
  total: number;
  records: number;
}

export class Imports {
  readonly #crew: Crew;
  readonly #onAppended: () => void;
  readonly #running = new Set<AbortController>();

  /** `onAppended` is called whenever the bus has more. */
  constructor(crew: Crew, onAppended: () => void) {
    this.#crew = crew;
    this.#onAppended = onAppended;
  }

  /** Captures and log files to the bus; resolves when their records are there. */
  async files({ paths, caseName, signal, onProgress }: ImportRequest): Promise<IntakeSummary> {
    const cancel = new AbortController();
    this.#running.add(cancel);
    const extra = caseName === undefined ? { paths } : { paths, caseName };
    const thread = this.#crew.start<ToIntakeWorker, FromIntakeWorker>('./intake-worker.ts', extra);
    for (const asked of [cancel.signal, signal]) {
      asked?.addEventListener('abort', () => thread.say('cancel'), { once: true });
    }
    thread.on((message) => {
      if (message.type === 'appended') this.#onAppended();
      if (message.type === 'progress') onProgress?.(message.progress);
    });
    const last = await thread.until(({ type }) => type === 'done' || type === 'failed');
    await thread.ended;
    this.#running.delete(cancel);
    if (last.type === 'done') return last.summary;
    throw last.type === 'failed'
      ? errorOf(last)
      : new ThymusError('INTERNAL', 'The import ended without a word.');
  }

  /** A simulated estate to the bus, and its truth to its file; resolves when its records are there. */
  async simulation(
    request: SimulateRequest,
    onProgress: (progress: SimulateProgress) => void,
  ): Promise<void> {
    const thread = this.#crew.start<never, FromDemoWorker>('./demo-worker.ts', request);
    thread.on((message) => {
      if (message.type === 'appended') this.#onAppended();
      if (message.type === 'progress') onProgress(message);
    });
    const last = await thread.until(({ type }) => type === 'done' || type === 'failed');
    await thread.ended;
    if (last.type === 'failed') throw errorOf(last);
  }

  /** Asks all imports to end early. */
  cancel(): void {
    for (const cancel of this.#running) cancel.abort();
  }
}
