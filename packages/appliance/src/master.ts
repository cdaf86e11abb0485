/** A master: the pipeline on a data folder, with API, web interface, jobs and retention around it. */
import { createLog, type Logger } from '@thymus/core/node';
import { METRICS } from '@thymus/detect';
import { type DataFolder, openDataFolder } from '@thymus/store';
import { type ApplianceConfig, parseListen } from './config.ts';
import { type DemoOptions, loadDemo } from './demo.ts';
import { type App, createApp } from './http/app.ts';
import { EventHub } from './http/event-hub.ts';
import { ensureFirstUser } from './http/first-user.ts';
import { type Listening, listen } from './http/listen.ts';
import type { Services } from './http/services.ts';
import { Jobs } from './jobs.ts';
import { Pipeline } from './pipeline.ts';
import { loadReference } from './reference.ts';
import { diskUsedPercent, keepWithinBounds } from './retention.ts';
import type { Learned } from './stages/learn.ts';
import type { LiveReport } from './stages/live-report.ts';
import { StatusBoard } from './status-board.ts';
import { VERSION, webRoot } from './version.ts';
import type { SimulateProgress } from './workers/imports.ts';

const MINUTE = 60_000;

export interface MasterOptions {
  /** The data are simulated, or are to be. */
  isDemo?: boolean;
  /** Told in words, instead of the log, when a part of the pipeline fails; everything else goes on. */
  onFault?: (message: string, code: string) => void;
}

interface Parts {
  folder: DataFolder;
  config: ApplianceConfig;
  pipeline: Pipeline;
  jobs: Jobs;
  events: EventHub;
  services: Services;
  app: App;
  log: Logger;
}

export class Master {
  readonly #parts: Parts;
  readonly #housekeeping: NodeJS.Timeout;
  #listening: Listening | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#housekeeping = setInterval(() => this.#keepHouse(), MINUTE);
  }

  /** Opens a data folder as its owner and starts everything but the listening. */
  static async open(path: string, config: ApplianceConfig, options: MasterOptions = {}): Promise<Master> {
    const log = createLog(config.log_level);
    const folder = openDataFolder(path, { demo: options.isDemo ?? false });
    try {
      const events = new EventHub(String(Date.now()));
      const board = new StatusBoard(Date.now(), Date.now());
      const relay = new Relay(board, events, log, options.onFault);
      const pipeline = await Pipeline.open(folder, config, relay, log);
      relay.pipeline = pipeline;
      for (const { from, to } of await pipeline.stores.lake.extent()) board.recall(from, to);
      const jobs = new Jobs(pipeline, events);
      const services = servicesOf({
        folder,
        config,
        pipeline,
        jobs,
        events,
        board,
        log,
        isDemo: options.isDemo ?? false,
      });
      return new Master({ folder, config, pipeline, jobs, events, services, app: createApp(services), log });
    } catch (error) {
      folder.release();
      throw error;
    }
  }

  get folder(): DataFolder {
    return this.#parts.folder;
  }

  /** Serves web interface and API, and the commands next door; takes up interrupted imports. Throws PORT_TAKEN. */
  async listen(): Promise<{ url: string }> {
    const { config, app, folder, events, jobs } = this.#parts;
    const { host, port } = parseListen(config.listen);
    this.#listening = await listen({ app, events, host, port, folder: folder.path, now: Date.now() });
    await jobs.resume();
    return { url: this.#listening.url };
  }

  /** Answers a request as local administrator, without a socket. */
  fetchLocally(request: Request): Promise<Response> {
    return Promise.resolve(this.#parts.app.fetch(request, { isLocal: true }));
  }

  /** Makes the first user of a new folder; its password is given only now. */
  ensureFirstUser(): Promise<{ username: string; password: string } | undefined> {
    return ensureFirstUser(this.#parts.pipeline.stores.state, Date.now());
  }

  /** Loads the simulated estate if it is not there yet. */
  loadDemo(options: DemoOptions, onProgress: (progress: SimulateProgress) => void): Promise<void> {
    const { pipeline, jobs } = this.#parts;
    return loadDemo(pipeline, jobs, options, onProgress);
  }

  /** Stops everything in the order of the flow; can be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { pipeline, jobs, folder, events } = this.#parts;
    clearInterval(this.#housekeeping);
    events.close();
    await this.#listening?.close();
    try {
      await pipeline.close(jobs.ended);
    } finally {
      folder.release();
    }
  }

  #keepHouse(): void {
    const { pipeline, config, folder, log } = this.#parts;
    keepWithinBounds(pipeline.stores.lake, config, diskUsedPercent(folder.path), Date.now()).catch(
      (error: unknown) => log.error({ error }, 'retention failed'),
    );
  }
}

/** Passes on what the pipeline tells: to the status, to the live stream, to the log. */
class Relay {
  pipeline: Pipeline | undefined;
  readonly #board: StatusBoard;
  readonly #events: EventHub;
  readonly #log: Logger;
  readonly #tell: MasterOptions['onFault'];

  constructor(board: StatusBoard, events: EventHub, log: Logger, tell: MasterOptions['onFault']) {
    this.#tell = tell;
    this.#board = board;
    this.#events = events;
    this.#log = log;
  }

  readonly onLearned = (learned: Learned): void => {
    this.#board.learned(learned);
    this.#events.publish('status', { newest: this.#board.newest ?? null, now: Date.now() });
    for (const pbid of learned.breaches) void this.#tellBreach(pbid);
  };

  readonly onFault = (part: string, code: string, message: string): void => {
    this.#board.fault(part, message);
    if (this.#tell) this.#tell(message, code);
    else this.#log.error({ part, code, detail: message }, 'a part of the pipeline failed');
  };

  readonly onReport = (report: LiveReport): void => this.#board.captured(report);

  async #tellBreach(pbid: number): Promise<void> {
    const breach = await this.pipeline?.stores.state.breaches.get(pbid);
    if (!breach) return;
    const { did, score, time, model } = breach;
    this.#events.publish('breach', { pbid, did, score, time, name: model.name, change: 'new' });
  }
}

function servicesOf(parts: {
  folder: DataFolder;
  config: ApplianceConfig;
  pipeline: Pipeline;
  jobs: Jobs;
  events: EventHub;
  board: StatusBoard;
  log: Logger;
  isDemo: boolean;
}): Services {
  const { folder, config, pipeline, jobs, events, board, log, isDemo } = parts;
  const root = webRoot();
  return {
    state: pipeline.stores.state,
    lake: pipeline.stores.lake,
    metrics: METRICS,
    reference: loadReference(folder.path),
    events,
    jobs,
    status: () => board.figures(pipeline),
    now: Date.now,
    version: VERSION,
    demo: isDemo,
    folder: folder.path,
    publicUrl: `https://${config.listen}`,
    log,
    ...(root === undefined ? {} : { webRoot: root }),
  };
}
