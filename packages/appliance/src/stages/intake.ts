/**
 * From files to the bus: captures are dissected, log files read, and the records sealed into batches.
 *
 * The same files always give the same batches: they are cut by count, never by the clock. An import that was
 * interrupted starts from its first file again, and the bus skips the batches it has.
 */
import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type CaptureFault,
  detectFileType,
  expandPaths,
  type FileType,
  firstTime,
  readCaptures,
  readLogs,
} from '@thymus/capture';
import type { LogRecord } from '@thymus/core';
import { BatchBuilder } from '@thymus/core/node';
import { DISSECTORS, Engine, type EngineOptions, nameCall } from '@thymus/dpi';
import type { DurableLog } from '@thymus/store';

/** Rows of a batch: large enough that the lake takes 300,000 rows/s, small enough that memory stays below 100 MB. */
const BATCH_ROWS = 50_000;

export interface IntakeOptions {
  /** Detector state of its own for an import that is not part of this network's present. */
  caseName?: string;
  engine: EngineOptions;
  now: () => number;
  signal?: AbortSignal;
  onProgress?: (progress: IntakeProgress) => void;
  /** Called when the bus has more. */
  onAppended?: () => void;
}

export interface IntakeProgress {
  bytesRead: number;
  bytesTotal: number;
  packets: number;
  records: number;
}

export interface IntakeSummary {
  files: number;
  packets: number;
  records: number;
  /** Records that the bus did not have yet. */
  added: number;
  faults: CaptureFault[];
  notes: string[];
  /** True if the import was stopped before its end. */
  isCancelled: boolean;
}

interface InputFile {
  path: string;
  size: number;
  isCapture: boolean;
  /** First time stamp in the file, for the order of files; undefined if none was found. */
  first: number | undefined;
}

const isCaptureType = (type: FileType): boolean => type === 'pcap' || type === 'pcapng';

/** The name of an import in the bus: the same files give the same name. */
export function importSource(paths: readonly string[], caseName?: string): string {
  const files = paths.map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${resolve(path)}|${size}|${mtimeMs}`;
  });
  const job = `import-${hash('sha256', files.join('\n')).slice(0, 16)}`;
  return caseName === undefined ? job : `case:${caseName}:${job}`;
}

/** Reads files and folders into the bus. Files that cannot be read are told in the summary; the others go on. */
export async function importFiles(
  paths: readonly string[],
  bus: DurableLog,
  options: IntakeOptions,
): Promise<IntakeSummary> {
  const faults: CaptureFault[] = [];
  const files = await inputFiles(await expandPaths(paths), faults);
  const source = importSource(
    files.map(({ path }) => path),
    options.caseName,
  );
  const intake = new Intake(source, bus, options, files);
  const notes: string[] = [];
  try {
    for (const run of runsOf(files)) await intake.read(run, faults, notes);
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  }
  return {
    ...intake.totals,
    files: files.length,
    faults,
    notes,
    isCancelled: options.signal?.aborted ?? false,
  };
}

/** Type and first time of each file; what is neither capture nor log becomes a fault. */
async function inputFiles(paths: readonly string[], faults: CaptureFault[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const type = await detectFileType(path);
    if (type === 'empty' || type === 'unknown') {
      const what =
        type === 'empty'
          ? 'The file is empty'
          : 'The file is neither a capture (pcap, pcapng) nor a log (Zeek TSV or JSON, Suricata EVE)';
      faults.push({ path, message: `${what}.`, packets: 0 });
      continue;
    }
    files.push({
      path,
      size: statSync(path).size,
      isCapture: isCaptureType(type),
      first: await firstTime(path),
    });
  }
  return files.sort((a, b) => (a.first ?? 0) - (b.first ?? 0) || a.path.localeCompare(b.path));
}

/** Files in order of time, cut where captures and logs change places; within a run they are merged. */
function runsOf(files: readonly InputFile[]): InputFile[][] {
  const runs: InputFile[][] = [];
  for (const file of files) {
    const last = runs.at(-1);
    if (last && last[0]!.isCapture === file.isCapture) last.push(file);
    else runs.push([file]);
  }
  return runs;
}

class Intake {
  readonly #bus: DurableLog;
  readonly #options: IntakeOptions;
  readonly #batches: Record<'packets' | 'logs', BatchBuilder>;
  readonly #progress: IntakeProgress;
  #added = 0;
  #bytesBefore = 0;

  constructor(source: string, bus: DurableLog, options: IntakeOptions, files: readonly InputFile[]) {
    this.#bus = bus;
    this.#options = options;
    this.#batches = {
      packets: new BatchBuilder(`${source}/packets`),
      logs: new BatchBuilder(`${source}/logs`),
    };
    this.#progress = {
      bytesRead: 0,
      bytesTotal: files.reduce((sum, { size }) => sum + size, 0),
      packets: 0,
      records: 0,
    };
  }

  get totals(): { packets: number; records: number; added: number } {
    return { packets: this.#progress.packets, records: this.#progress.records, added: this.#added };
  }

  async read(run: readonly InputFile[], faults: CaptureFault[], notes: string[]): Promise<void> {
    const paths = run.map(({ path }) => path);
    if (run[0]!.isCapture) await this.#dissect(paths, faults);
    else await this.#readLogs(paths, faults, notes);
    this.#bytesBefore += run.reduce((sum, { size }) => sum + size, 0);
    // What follows is later: it must not overtake what was read here.
    this.#flush('packets');
    this.#flush('logs');
  }

  async #dissect(paths: readonly string[], faults: CaptureFault[]): Promise<void> {
    const engine = new Engine(this.#options.engine, (record) => this.#take('packets', record), DISSECTORS);
    const packetsBefore = this.#progress.packets;
    const summary = await readCaptures(paths, engine, {
      ...this.#signal,
      onProgress: ({ bytesRead, packets }) => {
        this.#progress.packets = packetsBefore + packets;
        this.#report(bytesRead);
      },
    });
    engine.finish();
    this.#progress.packets = packetsBefore + summary.packets;
    faults.push(...summary.faults);
  }

  async #readLogs(paths: readonly string[], faults: CaptureFault[], notes: string[]): Promise<void> {
    const take = (record: LogRecord) => {
      if (record.kind !== 'dce_rpc' || nameCall(record)) this.#take('logs', record);
    };
    const summary = await readLogs(paths, take, {
      ...this.#signal,
      onProgress: ({ bytesRead }) => {
        this.#report(bytesRead);
      },
    });
    faults.push(...summary.faults.map((fault) => ({ ...fault, packets: 0 })));
    for (const { type, lines } of summary.skipped)
      notes.push(`Logs of the type ${type} are not read (${lines} lines).`);
  }

  get #signal(): { signal?: AbortSignal } {
    return this.#options.signal ? { signal: this.#options.signal } : {};
  }

  #take(part: 'packets' | 'logs', record: LogRecord): void {
    this.#progress.records++;
    this.#batches[part].add(record);
    if (this.#batches[part].rows >= BATCH_ROWS) this.#flush(part);
  }

  #flush(part: 'packets' | 'logs'): void {
    const blocks = this.#batches[part].seal();
    if (blocks.length === 0) return;
    this.#added += this.#bus.append(blocks, this.#options.now());
    this.#options.onAppended?.();
  }

  #report(bytesOfRun: number): void {
    this.#progress.bytesRead = Math.min(this.#bytesBefore + bytesOfRun, this.#progress.bytesTotal);
    this.#options.onProgress?.({ ...this.#progress });
  }
}
