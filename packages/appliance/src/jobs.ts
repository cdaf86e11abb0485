/** Long work inside the server: kept in the state, resumed after a crash, told to the live stream. */

import { existsSync } from 'node:fs';
import { ThymusError } from '@thymus/core';
import type { Job, State } from '@thymus/store';
import type { EventData, EventHub } from './http/event-hub.ts';
import type { JobRunner } from './http/services.ts';
import type { Pipeline } from './pipeline.ts';
import type { IntakeProgress, IntakeSummary } from './stages/intake.ts';

interface IngestArguments {
  paths: string[];
  case?: string;
}

/** What the API shows of progress: bytes of an import, simulated ms of the estate. */
interface JobProgress {
  done: number;
  total: number;
  records: number;
}

/** Tells of progress; called as often as there is some. */
export type Tell = (progress: JobProgress) => void;

/** How often progress is kept and told, ms. */
const TELL_EVERY = 250;

export class Jobs implements JobRunner {
  readonly #pipeline: Pipeline;
  readonly #state: State;
  readonly #events: EventHub;
  readonly #running = new Map<number, { cancel: AbortController; ended: Promise<void> }>();

  constructor(pipeline: Pipeline, events: EventHub) {
    this.#pipeline = pipeline;
    this.#state = pipeline.stores.state;
    this.#events = events;
  }

  /** Takes up the imports that a crash interrupted. */
  async resume(): Promise<void> {
    for (const job of await this.#interrupted()) this.#start(job.id, job.arguments as IngestArguments);
  }

  /** Starts an import; the same import that was interrupted goes on under its old number. */
  async ingest(request: IngestArguments, username: string): Promise<number> {
    const missing = request.paths.find((path) => !existsSync(path));
    if (missing !== undefined) throw new ThymusError('BAD_INPUT', `${missing} does not exist.`);
    const wanted: IngestArguments = {
      paths: request.paths,
      ...(request.case === undefined ? {} : { case: request.case }),
    };
    const same = (await this.#interrupted()).find(
      (job) => JSON.stringify(job.arguments) === JSON.stringify(wanted),
    );
    const id = same?.id ?? (await this.#state.addJob('ingest', wanted, Date.now()));
    const target = `job ${id}`;
    await this.#state.audit({
      time: Date.now(),
      username,
      action: 'job.ingest',
      target,
      detail: request.paths.join(' '),
    });
    this.#start(id, wanted);
    return id;
  }

  /**
   * Shows other long work as a job, such as the loading of the simulated estate; where an earlier run of the same kind
   * was interrupted, it goes on under that number. Its errors are the caller's.
   */
  async follow(kind: string, args: unknown, work: (tell: Tell) => Promise<void>): Promise<void> {
    const earlier = (await this.#state.jobs()).find((job) => job.kind === kind && job.state === 'running');
    const id = earlier?.id ?? (await this.#state.addJob(kind, args, Date.now()));
    let told = 0;
    const tell: Tell = (progress) => {
      if (Date.now() - told < TELL_EVERY && progress.done < progress.total) return;
      told = Date.now();
      void this.#update(id, { progress });
    };
    try {
      await work(tell);
      await this.#update(id, { state: 'done', finished: Date.now() });
    } catch (error) {
      if (!this.#pipeline.isClosing) await this.#update(id, failureOf(error));
      throw error;
    }
  }

  async cancel(id: number): Promise<boolean> {
    this.#running.get(id)?.cancel.abort();
    return this.#running.has(id);
  }

  /** Resolves when nothing runs any more; what was interrupted stays marked and is taken up at the next start. */
  readonly ended = async (): Promise<void> => {
    await Promise.all([...this.#running.values()].map((job) => job.ended));
  };

  async #interrupted(): Promise<Job[]> {
    const jobs = await this.#state.jobs();
    return jobs.filter(
      (job) => job.kind === 'ingest' && job.state === 'running' && !this.#running.has(job.id),
    );
  }

  #start(id: number, args: IngestArguments): void {
    const cancel = new AbortController();
    const ended = this.#run(id, args, cancel.signal).finally(() => this.#running.delete(id));
    this.#running.set(id, { cancel, ended });
  }

  async #run(id: number, { paths, case: caseName }: IngestArguments, signal: AbortSignal): Promise<void> {
    let told = 0;
    const onProgress = ({ bytesRead, bytesTotal, records }: IntakeProgress) => {
      if (Date.now() - told < TELL_EVERY) return;
      told = Date.now();
      void this.#update(id, {
        progress: { done: bytesRead, total: bytesTotal, records } satisfies JobProgress,
      });
    };
    try {
      const request = { paths, signal, onProgress, ...(caseName === undefined ? {} : { caseName }) };
      const summary: IntakeSummary = await this.#pipeline.import(request);
      if (this.#pipeline.isClosing) return;
      await this.#pipeline.settled();
      const state = summary.isCancelled ? ('cancelled' as const) : ('done' as const);
      await this.#update(id, { state, finished: Date.now(), result: summary });
    } catch (error) {
      if (this.#pipeline.isClosing) return;
      await this.#update(id, failureOf(error));
    }
  }

  async #update(id: number, change: Parameters<State['updateJob']>[1]): Promise<void> {
    await this.#state.updateJob(id, change);
    const job = (await this.#state.jobs()).find((candidate) => candidate.id === id);
    if (job) this.#events.publish('progress', job as EventData['progress']);
  }
}

/** What is kept of a job that failed. */
function failureOf(error: unknown) {
  const { code, message } =
    error instanceof ThymusError ? error : { code: 'INTERNAL', message: String(error) };
  return { state: 'failed' as const, finished: Date.now(), result: { error: code, message } };
}
