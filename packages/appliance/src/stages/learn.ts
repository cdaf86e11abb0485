/**
 * From the bus to conclusions: every batch is shown to its detector, stored in the lake, and concluded upon in the state.
 *
 * The order makes it exactly once in effect: rows go to the lake under a token that names their place in the bus, then
 * devices, breaches and the position are committed together. After a crash the detector's snapshot is older than the
 * position; the batches between are shown to it again, which gives the same breaches with the same keys.
 */
import {
  declarationOf,
  type Enrichment,
  encoderOf,
  type LogRecord,
  type RecordKind,
  RowWriter,
  writeEnrichment,
} from '@thymus/core';
import { blockRows, readBlock } from '@thymus/core/node';
import type { DetectorOptions, DetectorOutput } from '@thymus/detect';
import type { Lake } from '@thymus/lake';
import type { DurableLog, LoggedBlock, State } from '@thymus/store';
import { DetectorSet } from './detectors.ts';

const DAY = 86_400_000;
/** Rows between two snapshots of the detector: bounds what is learned again after a crash to some seconds. */
const SNAPSHOT_ROWS = 500_000;

export interface LearnerParts {
  bus: DurableLog;
  lake: Pick<Lake, 'insert'>;
  state: Pick<State, 'checkpoint' | 'setCheckpoint' | 'commitDetection'>;
  options: DetectorOptions;
  now: () => number;
}

/** What one batch brought. */
export interface Learned {
  source: string;
  rows: number;
  /** Earliest and latest event time in the batch, ms. */
  oldest: number;
  newest: number;
  /** pbids of new breaches. */
  breaches: number[];
}

interface Digest {
  position: number;
  source: string;
  rows: number;
  oldest: number;
  newest: number;
  /** Rows for the lake by kind, with enrichment; empty when the lake has them already. */
  tables: ReadonlyMap<RecordKind, Uint8Array>;
  output: DetectorOutput;
  snapshot?: { position: number; body: Uint8Array };
}

const NOTHING: DetectorOutput = { breaches: [], devices: [], subnets: [], metrics: [] };

export class Learner {
  readonly #parts: LearnerParts;
  #detectors: DetectorSet;
  /** Offset of the last batch that was shown to a detector, and of the last one that is stored. */
  #seen = 0;
  #stored = 0;
  #rowsSinceSnapshot = 0;

  private constructor(parts: LearnerParts) {
    this.#parts = parts;
    this.#detectors = new DetectorSet(parts.options);
  }

  /** Restores the detectors as they were at their last snapshot. */
  static async open(parts: LearnerParts): Promise<Learner> {
    const learner = new Learner(parts);
    const detector = await parts.state.checkpoint('detector');
    learner.#detectors = new DetectorSet(parts.options, detector?.body);
    learner.#seen = detector?.position ?? 0;
    learner.#stored = (await parts.state.checkpoint('detection'))?.position ?? 0;
    return learner;
  }

  /** Offset of the last batch that is stored. */
  get position(): number {
    return this.#stored;
  }

  /** Takes up all batches that the bus has; calls back after each that is stored. */
  async drain(onLearned: (learned: Learned) => void = () => {}, signal?: AbortSignal): Promise<void> {
    let storing: Promise<Learned | undefined> = Promise.resolve(undefined);
    for (;;) {
      const batch = signal?.aborted ? [] : this.#parts.bus.readBatch(this.#seen + 1);
      // While the lake stores one batch, the next is digested.
      const digest = batch.length > 0 ? this.#digest(batch) : undefined;
      const learned = await storing;
      if (learned) onLearned(learned);
      if (!digest) return;
      storing = this.#store(digest);
    }
  }

  /** Keeps what was learned since the last snapshot and lets the bus forget what is behind it. */
  async snapshot(): Promise<void> {
    if (this.#rowsSinceSnapshot === 0 || this.#seen !== this.#stored) return;
    await this.#parts.state.setCheckpoint('detector', this.#seen, this.#parts.now(), this.#detectors.pack());
    this.#rowsSinceSnapshot = 0;
    this.#parts.bus.trim(this.#seen + 1);
  }

  #digest(batch: readonly LoggedBlock[]): Digest {
    const position = batch.at(-1)!.offset;
    const { source } = batch[0]!.block.header;
    const storedDay = Math.floor(batch[0]!.arrived / DAY);
    const isStored = position <= this.#stored;
    const oldest = Math.min(...batch.map(({ block }) => block.header.minTs));
    const detector = this.#detectors.for(source, oldest);
    const tables = new TableWriters(storedDay);
    const newest = forEachInOrder(batch, (record, rows, start, end) => {
      const enrichment = detector?.observe(record, source) ?? this.#enrichmentOf(record);
      if (!isStored) tables.add(record.kind, rows.subarray(start, end), enrichment);
    });
    detector?.advance(newest, source);
    this.#detectors.advance(source, newest);
    const output = detector?.drain() ?? NOTHING;
    if (!isStored) tables.addMetrics(output.metrics);
    const rows = batch.reduce((sum, { block }) => sum + block.header.rows, 0);
    this.#seen = position;
    this.#rowsSinceSnapshot += rows;
    const digest = { position, source, rows, oldest, newest, tables: tables.written, output };
    if (this.#rowsSinceSnapshot < SNAPSHOT_ROWS) return digest;
    this.#rowsSinceSnapshot = 0;
    return { ...digest, snapshot: { position, body: this.#detectors.pack() } };
  }

  /** What can be said of a record that no detector sees. */
  #enrichmentOf(record: LogRecord): Enrichment {
    const { scope, reference } = this.#parts.options;
    const ends = 'source_ip' in record ? [record.source_ip, record.dest_ip] : [];
    const external = ends.find((ip) => ip !== undefined && scope.of(ip) === 'external');
    if (!external) return { source_did: 0, dest_did: 0, country: '', asn: 0 };
    return {
      source_did: 0,
      dest_did: 0,
      country: reference.country(external),
      asn: reference.asn(external).asn,
    };
  }

  async #store(digest: Digest): Promise<Learned | undefined> {
    const { lake, state, bus, now } = this.#parts;
    if (digest.position <= this.#stored) return undefined;
    const inserts = [...digest.tables].map(([kind, rows]) =>
      lake.insert(kind, rows, `${kind}:${digest.position}`),
    );
    await Promise.all(inserts);
    const { devices, subnets, breaches } = digest.output;
    const conclusions = { position: digest.position, devices, subnets, breaches };
    const added = await state.commitDetection(
      digest.snapshot ? { ...conclusions, snapshot: digest.snapshot } : conclusions,
      now(),
    );
    this.#stored = digest.position;
    if (digest.snapshot) bus.trim(digest.snapshot.position + 1);
    const { source, rows, oldest, newest } = digest;
    return { source, rows, oldest, newest, breaches: added };
  }
}

/** Rows for the lake, one buffer per kind. */
class TableWriters {
  readonly #storedDay: number;
  readonly #writers = new Map<RecordKind, RowWriter>();

  constructor(storedDay: number) {
    this.#storedDay = storedDay;
  }

  add(kind: RecordKind, row: Uint8Array, enrichment: Enrichment): void {
    let writer = this.#writers.get(kind);
    if (!writer) {
      writer = new RowWriter();
      this.#writers.set(kind, writer);
    }
    writer.raw(row);
    writeEnrichment(writer, enrichment, this.#storedDay);
  }

  addMetrics(metrics: DetectorOutput['metrics']): void {
    if (metrics.length === 0) return;
    const encode = encoderOf(declarationOf('metric')!);
    const row = new RowWriter(256);
    for (const metric of metrics) {
      row.reset();
      encode(row, metric);
      this.add('metric', row.written, { source_did: metric.did, dest_did: 0, country: '', asn: 0 });
    }
  }

  get written(): ReadonlyMap<RecordKind, Uint8Array> {
    return new Map([...this.#writers].map(([kind, writer]) => [kind, writer.written]));
  }
}

interface Row {
  record: LogRecord;
  rows: Uint8Array;
  start: number;
  end: number;
}

/** When a record was logged: a connection at its end. */
const loggedAt = (record: LogRecord): number =>
  record.kind === 'conn' || record.kind === 'conn_update' ? record.ts + (record.duration ?? 0) : record.ts;

/** Visits the records of a batch in the order in which they were logged; returns the latest such time. */
function forEachInOrder(
  batch: readonly LoggedBlock[],
  visit: (record: LogRecord, rows: Uint8Array, start: number, end: number) => void,
): number {
  const list: Row[] = [];
  for (const { block } of batch) {
    const rows = blockRows(block);
    readBlock(block, rows, (record, start, end) => list.push({ record, rows, start, end }));
  }
  const times = Float64Array.from(list, ({ record }) => loggedAt(record));
  const order = Uint32Array.from(list.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  for (const i of order) {
    const { record, rows, start, end } = list[i]!;
    visit(record, rows, start, end);
  }
  return order.length > 0 ? times[order.at(-1)!]! : Number.NEGATIVE_INFINITY;
}
