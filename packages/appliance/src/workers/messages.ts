/** What the main thread and its workers say to each other. */
import type { ApplianceConfig } from '../config.ts';
import type { IntakeProgress, IntakeSummary } from '../stages/intake.ts';
import type { Learned } from '../stages/learn.ts';
import type { LiveReport } from '../stages/live-report.ts';

/** Where a worker finds the parts of the data folder. */
export interface WorkerFolder {
  /** The data folder. */
  path: string;
  bus: string;
  state: string;
  key: string;
  lakeSocket: string;
  /** File for the truth of a simulation. */
  truth: string;
}

export interface LearnWorkerData {
  folder: WorkerFolder;
  config: ApplianceConfig;
}

/** `wake` when the bus has more, `close` to snapshot and end. */
export type ToLearnWorker = 'wake' | 'close';

export type FromLearnWorker =
  | { type: 'ready' }
  | { type: 'learned'; learned: Learned }
  /** Everything that the bus had is stored. */
  | { type: 'idle'; position: number }
  | { type: 'failed'; code: string; message: string };

export interface IntakeWorkerData {
  folder: WorkerFolder;
  config: ApplianceConfig;
  paths: string[];
  caseName?: string;
}

export type ToIntakeWorker = 'cancel';

export type FromIntakeWorker =
  | { type: 'appended' }
  | { type: 'progress'; progress: IntakeProgress }
  | { type: 'done'; summary: IntakeSummary }
  | { type: 'failed'; code: string; message: string };

export type FromLiveWorker =
  | { type: 'appended' }
  | { type: 'beat' }
  | { type: 'report'; report: LiveReport }
  /** A source does not work and is tried again; the others go on. */
  | { type: 'fault'; code: string; message: string }
  | { type: 'failed'; code: string; message: string };

export interface LiveWorkerData {
  folder: WorkerFolder;
  config: ApplianceConfig;
  epoch: number;
}

export interface DemoWorkerData {
  folder: WorkerFolder;
  seed: number;
  devices: number;
  days: number;
  /** End of the simulated time, ms since the epoch. */
  end: number;
}

export type FromDemoWorker =
  | { type: 'appended' }
  /** Simulated ms, done and in total. */
  | { type: 'progress'; done: number; total: number; records: number }
  | { type: 'done'; records: number }
  | { type: 'failed'; code: string; message: string };
