/** From logs that grow and from flow records to the bus: for sites that have a sensor already, or no mirror. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { LogFollower, type LogPositions, receiveFlows } from '@thymus/capture';
import { BatchBuilder } from '@thymus/core/node';
import type { DurableLog } from '@thymus/store';

const POLL_EVERY = 500;
const SEAL_EVERY = 1000;
const BATCH_ROWS = 20_000;

export interface FeedOptions {
  now: () => number;
  signal: AbortSignal;
  onAppended: () => void;
}

/**
 * What is kept about followed logs: where they stood before and after the last batch. Which of both holds is told by
 * the bus, which has the batch or not: so each line is taken up once, however the process ends.
 */
interface FollowState {
  /** Number of the last block of the batch, and of the one before it. */
  sequence: number;
  before: { sequence: number; positions: LogPositions };
  positions: LogPositions;
}

const LOGS = 'followed';
const NOWHERE: FollowState = { sequence: 0, before: { sequence: 0, positions: {} }, positions: {} };

/** Follows logs until the signal; where they stand is kept in `stateFile`. */
export async function followToBus(
  bus: DurableLog,
  paths: readonly string[],
  stateFile: string,
  { now, signal, onAppended }: FeedOptions,
): Promise<void> {
  const kept = readState(stateFile);
  const last = bus.lastSequence(LOGS, 0);
  const start = last >= kept.sequence ? kept.positions : kept.before.positions;
  let before = { sequence: last, positions: start };
  const batch = new BatchBuilder(LOGS, 0, last);
  const follower = new LogFollower(paths, (record) => batch.add(record), start);
  const flush = () => {
    const blocks = batch.seal();
    const sequence = blocks.at(-1)?.header.sequence;
    if (sequence === undefined) return;
    const { positions } = follower;
    writeState(stateFile, { sequence, before, positions });
    bus.append(blocks, now());
    before = { sequence, positions };
    onAppended();
  };
  while (!signal.aborted) {
    const hasMore = follower.poll();
    if (!hasMore || batch.rows >= BATCH_ROWS) flush();
    await wait(hasMore ? 0 : POLL_EVERY, undefined, { signal }).catch(() => undefined);
  }
  flush();
  follower.close();
}

function readState(file: string): FollowState {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as FollowState;
  } catch {
    // Without it, logs are read from their beginning.
    return NOWHERE;
  }
}

function writeState(file: string, state: FollowState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

/** Receives flow records until the signal. `epoch` counts the starts. Rejects with CAPTURE_FAILED. */
export async function flowsToBus(
  bus: DurableLog,
  address: { host: string; port: number },
  epoch: number,
  { now, signal, onAppended }: FeedOptions,
): Promise<void> {
  const batch = new BatchBuilder(`flows-${address.port}`, epoch);
  const flush = () => {
    const blocks = batch.seal();
    if (blocks.length === 0) return;
    bus.append(blocks, now());
    onAppended();
  };
  const end = new AbortController();
  let failure: unknown;
  const timer = setInterval(() => {
    try {
      flush();
    } catch (error) {
      failure = error;
      end.abort();
    }
  }, SEAL_EVERY);
  try {
    await receiveFlows(
      (conn) => {
        batch.add(conn);
        if (batch.rows >= BATCH_ROWS) flush();
      },
      { ...address, now, signal: AbortSignal.any([signal, end.signal]) },
    );
    if (failure !== undefined) throw failure;
  } finally {
    clearInterval(timer);
    if (failure === undefined) flush();
  }
}
