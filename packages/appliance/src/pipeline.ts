/**
 * The product on one page:
 * capture → dissect → records → track devices → learn → evaluate → breach → investigate → store → serve.
 *
 * Packets and log files become records in worker threads (stages/intake.ts, stages/live.ts) and go to the durable log,
 * the bus. Another thread takes them up batch by batch (stages/learn.ts): the detector tracks devices, learns what is
 * usual and raises breaches; the records go to the lake, the conclusions to the state. Whatever is acknowledged is on
 * disk, so that each part can be killed and takes up where it was.
 */
import { ThymusError } from '@thymus/core';
import type { Logger } from '@thymus/core/node';
import { MODELS } from '@thymus/detect';
import { type Lake, openLake } from '@thymus/lake';
import { type DataFolder, DurableLog, State } from '@thymus/store';
import type { ApplianceConfig } from './config.ts';
import type { IntakeProgress, IntakeSummary } from './stages/intake.ts';
import type { Learned } from './stages/learn.ts';
import type * as m from './workers/messages.ts';
import { Thread } from './workers/thread.ts';

/** How long after a failure capture is tried again, ms. */
const CAPTURE_RETRY = 15_000;

export interface PipelineListener {
  onLearned(learned: Learned): void;
  /** A part does not work; the message is for people. */
  onFault(part: 'learn' | 'capture', code: string, message: string): void;
}

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

export class Pipeline {
  readonly state: State;
  readonly lake: Lake;
  readonly #folder: DataFolder;
  readonly #config: ApplianceConfig;
  readonly #listener: PipelineListener;
  readonly #bus: DurableLog;
  readonly #learner: Thread<m.ToLearnWorker, m.FromLearnWorker>;
  readonly #imports = new Set<AbortController>();
  #captureTimer: NodeJS.Timeout | undefined;
  #live: Thread<'stop', m.FromLiveWorker> | undefined;
  /** True once `close` was called: what ends now was ended by us. */
  isClosing = false;

  private constructor(
    folder: DataFolder,
    config: ApplianceConfig,
    listener: PipelineListener,
    stores: { state: State; lake: Lake; bus: DurableLog },
  ) {
    this.#folder = folder;
    this.#config = config;
    this.#listener = listener;
    this.state = stores.state;
    this.lake = stores.lake;
    this.#bus = stores.bus;
    this.#learner = this.#thread<m.ToLearnWorker, m.FromLearnWorker>('./learn-worker.ts', {}, 'learn');
    this.#learner.on((message) => {
      if (message.type === 'learned') listener.onLearned(message.learned);
      if (message.type === 'failed') listener.onFault('learn', message.code, message.message);
    });
  }

  /** Opens stores and lake and takes up what the bus still holds. */
  static async open(
    folder: DataFolder,
    config: ApplianceConfig,
    listener: PipelineListener,
    log: Logger,
  ): Promise<Pipeline> {
    const bus = new DurableLog(folder.file('bus.sqlite'));
    const state = await State.open(folder.file('state.sqlite'), folder.file('secret.key'));
    await state.models.register(MODELS, Date.now());
    const lake = await openLake({ dir: folder.path, log });
    const pipeline = new Pipeline(folder, config, listener, { state, lake, bus });
    try {
      await pipeline.#learner.until(({ type }) => type === 'ready');
    } catch (error) {
      await pipeline.#closeStores();
      throw error;
    }
    pipeline.#learner.say('wake');
    if (config.capture_interface !== '') await pipeline.#captureLive();
    return pipeline;
  }

  /** Imports captures and log files; resolves when their records are in the bus. */
  async import(request: ImportRequest): Promise<IntakeSummary> {
    const cancel = new AbortController();
    this.#imports.add(cancel);
    const { paths, caseName } = request;
    const extra = caseName === undefined ? { paths } : { paths, caseName };
    const thread = this.#thread<m.ToIntakeWorker, m.FromIntakeWorker>('./intake-worker.ts', extra);
    for (const signal of [cancel.signal, request.signal]) {
      signal?.addEventListener('abort', () => thread.say('cancel'), { once: true });
    }
    thread.on((message) => {
      if (message.type === 'appended') this.#learner.say('wake');
      if (message.type === 'progress') request.onProgress?.(message.progress);
    });
    const last = await thread.until(({ type }) => type === 'done' || type === 'failed');
    await thread.ended;
    this.#imports.delete(cancel);
    if (last.type === 'done') return last.summary;
    throw last.type === 'failed'
      ? new ThymusError(last.code as ThymusError['code'], last.message)
      : new ThymusError('INTERNAL', 'The import ended without a word.');
  }

  /** Simulates an estate into the bus; resolves when its records are there. */
  async simulate(request: SimulateRequest, onProgress: (progress: SimulateProgress) => void): Promise<void> {
    const extra = { ...request, truth: this.#folder.file('truth.json') };
    const thread = this.#thread<never, m.FromDemoWorker>('./demo-worker.ts', extra).on((message) => {
      if (message.type === 'appended') this.#learner.say('wake');
      if (message.type === 'progress') onProgress(message);
    });
    const last = await thread.until(({ type }) => type === 'done' || type === 'failed');
    await thread.ended;
    if (last.type === 'failed') throw new ThymusError(last.code as ThymusError['code'], last.message);
  }

  /** Resolves when everything that is in the bus now has been learned and stored. Rejects with DISK_FULL. */
  async settled(): Promise<void> {
    const target = this.#bus.next - 1;
    const last = this.#learner.until((message) =>
      message.type === 'failed'
        ? message.code === 'DISK_FULL'
        : message.type === 'idle' && message.position >= target,
    );
    this.#learner.say('wake');
    const said = await last;
    // What is in the bus waits there until there is room.
    if (said.type === 'failed') throw new ThymusError('DISK_FULL', said.message);
  }

  /** Rows in the bus that are not learned yet. */
  async backlog(): Promise<number> {
    return this.#bus.pending(((await this.state.checkpoint('detection'))?.position ?? 0) + 1);
  }

  async #captureLive(): Promise<void> {
    const epoch = Number((await this.state.setting('capture_epoch')) ?? 0) + 1;
    await this.state.setSetting('capture_epoch', String(epoch));
    this.#live = this.#thread<'stop', m.FromLiveWorker>('./live-worker.ts', { epoch }, 'capture').on(
      (message) => {
        if (message.type === 'appended') this.#learner.say('wake');
        if (message.type !== 'failed') return;
        this.#listener.onFault('capture', message.code, message.message);
        // The interface may come back: a cable, a restarted driver.
        this.#captureTimer = setTimeout(() => void this.#captureLive(), CAPTURE_RETRY);
      },
    );
  }

  #thread<In, Out>(script: string, extra: object, part?: 'learn' | 'capture'): Thread<In, Out> {
    const { path, file } = this.#folder;
    const folder: m.WorkerFolder = {
      path,
      bus: file('bus.sqlite'),
      state: file('state.sqlite'),
      key: file('secret.key'),
      lakeSocket: file('lake.sock'),
    };
    return new Thread<In, Out>(script, { folder, config: this.#config, ...extra }, (error) => {
      if (part) this.#listener.onFault(part, 'INTERNAL', error.message);
    });
  }

  /**
   * Stops capture and imports, waits for `ended`, learns what has arrived, and closes everything. Rejects in the end
   * where what was learned could not be kept; it is learned from the bus again.
   */
  async close(ended: () => Promise<void> = async () => {}): Promise<void> {
    this.isClosing = true;
    for (const cancel of this.#imports) cancel.abort();
    await ended();
    clearTimeout(this.#captureTimer);
    this.#live?.say('stop');
    await this.#live?.ended;
    let fault: ThymusError | undefined;
    this.#learner.on((message) => {
      if (message.type === 'failed')
        fault = new ThymusError(message.code as ThymusError['code'], message.message);
    });
    this.#learner.say('close');
    await this.#learner.ended;
    await this.#closeStores();
    if (fault) throw fault;
  }

  async #closeStores(): Promise<void> {
    await this.lake.close();
    await this.state.close();
    this.#bus.close();
  }
}
