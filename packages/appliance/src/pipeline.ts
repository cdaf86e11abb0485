/**
 * The product on one page:
 * sources → dissect → records → bus → lake, and bus → devices → models → breaches → state → live.
 *
 * Sources are captures and log files, interfaces and other live feeds, and the simulator. Each has a thread that makes records and appends
 * them to the bus, the durable log. One more thread takes them up batch by batch (stages/learn.ts): records go to the
 * lake; the detector tracks devices, learns what is usual, raises breaches, and its conclusions go to the state.
 * Whatever is acknowledged is on disk, so that each part can be killed and takes up where it was.
 */
import type { Logger } from '@thymus/core/node';
import type { DataFolder } from '@thymus/store';
import { type ApplianceConfig, isLive } from './config.ts';
import type { IntakeSummary } from './stages/intake.ts';
import { openStores, type Stores } from './stores.ts';
import { Crew, type OnFault } from './workers/crew.ts';
import {
  type ImportRequest,
  Imports,
  type SimulateProgress,
  type SimulateRequest,
} from './workers/imports.ts';
import { Learning, type OnLearned } from './workers/learning.ts';
import { LiveCapture, type OnReport } from './workers/live-capture.ts';

/** The live end: told of every batch that is searchable now, with the breaches it brought, and of parts that fail. */
export interface PipelineListener {
  readonly onLearned: OnLearned;
  readonly onFault: OnFault;
  readonly onReport: OnReport;
}

export class Pipeline {
  readonly stores: Stores;
  readonly #learning: Learning;
  readonly #imports: Imports;
  readonly #capture: LiveCapture;
  /** True once `close` was called: what ends now was ended by us. */
  isClosing = false;

  private constructor(crew: Crew, stores: Stores, learning: Learning, onReport: OnReport) {
    this.stores = stores;
    this.#learning = learning;
    this.#imports = new Imports(crew, learning.wake);
    this.#capture = new LiveCapture(crew, stores.state, learning.wake, onReport);
  }

  /** Takes up what the bus still holds, and begins with the live sources that are set. */
  static async open(
    folder: DataFolder,
    config: ApplianceConfig,
    listener: PipelineListener,
    log: Logger,
  ): Promise<Pipeline> {
    const stores = await openStores(folder, log);
    const crew = new Crew(folder, config, listener.onFault);
    const learning = await Learning.start(crew, listener.onLearned, stores.close);
    const pipeline = new Pipeline(crew, stores, learning, listener.onReport);
    learning.wake();
    if (isLive(config)) await pipeline.#capture.start();
    return pipeline;
  }

  /** Captures and log files → dissect → bus; resolves when their records are in the bus. */
  import(request: ImportRequest): Promise<IntakeSummary> {
    return this.#imports.files(request);
  }

  /** Simulated estate → bus, its truth beside it; resolves when its records are in the bus. */
  simulate(request: SimulateRequest, onProgress: (progress: SimulateProgress) => void): Promise<void> {
    return this.#imports.simulation(request, onProgress);
  }

  /** Bus → lake and state; resolves when everything that is in the bus now is there. Rejects with DISK_FULL. */
  settled(): Promise<void> {
    return this.#learning.reached(this.stores.bus.next - 1);
  }

  /** Stops the sources, waits for `ended`, learns what has arrived, closes the stores; rejects where that was not kept. */
  async close(ended: () => Promise<void> = async () => {}): Promise<void> {
    this.isClosing = true;
    this.#imports.cancel();
    await ended();
    await this.#capture.stop();
    const fault = await this.#learning.end();
    await this.stores.close();
    if (fault) throw fault;
  }
}
