/** What the HTTP side needs from the rest of the appliance: the server wires it, tests hand in their own. */
import type { Logger } from '@thymus/core/node';
import type { Lake } from '@thymus/lake';
import type { State } from '@thymus/store';
import type { Reference } from '../reference.ts';
import type { LiveReport } from '../stages/live-report.ts';
import type { EventHub } from './event-hub.ts';
import type { PasswordKeeper } from './passwords.ts';

/** One sensor or import, as the session and System Status show it. */
export interface SourceStatus {
  name: string;
  state: 'ok' | 'warning' | 'error';
  /** Latest record, ms since the epoch; undefined before the first. */
  newest?: number;
  /** Short words for people where the state is not ok. */
  message?: string;
}

/** Figures that only the running server knows; everything else is asked of state and lake. */
export interface ServerStatus {
  /** Start of the server and first start of the installation, ms since the epoch. */
  started: number;
  installed: number;
  /** Latest record of all sources, ms since the epoch; undefined before the first. */
  newest?: number;
  /** Days of traffic that the main detector has learned from. */
  daysLearned: number;
  /** Rows that are stored in the bus but not yet learned. */
  backlog: number;
  sources: SourceStatus[];
  /** What live capture does; undefined where nothing is captured. */
  live?: LiveReport;
}

/** Long work inside the server. The runner keeps the job in the state store and publishes `progress`. */
export interface JobRunner {
  /** Starts an import; returns the id of the job. */
  ingest(request: { paths: string[]; case?: string }, username: string): Promise<number>;
  /** False if no such job is running. */
  cancel(id: number): Promise<boolean>;
}

/** A metric as models count it and graphs show it. */
export interface MetricInfo {
  /** Number in the API. */
  mlid: number;
  name: string;
  label: string;
  /** Unit of one; '' for plain counts. */
  units: string;
}

export interface Services {
  state: State;
  lake: Lake;
  metrics: readonly MetricInfo[];
  reference: Pick<Reference, 'attributions' | 'asn' | 'country'>;
  events: EventHub;
  jobs: JobRunner;
  status(): Promise<ServerStatus> | ServerStatus;
  /** ms since the epoch. */
  now(): number;
  version: string;
  /** The data is simulated. */
  demo: boolean;
  /** The data folder, for the disk figures of /status. */
  folder: string;
  /** Built files of the web interface; undefined where they are not built. */
  webRoot?: string;
  /** Name under which users reach the appliance, for `breachUrl`; "https://host:port". */
  publicUrl?: string;
  log: Logger;
  /** argon2id unless said otherwise. */
  passwords?: PasswordKeeper;
}
