/** From an interface to the bus: packets are dissected as they come, records sealed once a second. */
import { captureLive, type LiveStats } from '@thymus/capture';
import { BatchBuilder } from '@thymus/core/node';
import { DISSECTORS, Engine, type EngineOptions } from '@thymus/dpi';
import type { DurableLog } from '@thymus/store';

const SEAL_EVERY = 1000;
/** Rows after which a batch is sealed before its second is over. */
const BATCH_ROWS = 20_000;

export interface LiveOptions {
  interface: string;
  filter?: string;
  engine: EngineOptions;
  /** Counts the starts of the capture: with it, sequence numbers can begin at 1 again. */
  epoch: number;
  now: () => number;
  signal: AbortSignal;
  onAppended: () => void;
  onStats?: (stats: LiveStats) => void;
}

/** Captures until the signal; throws CAPTURE_FAILED if capture ends by itself. */
export async function captureToBus(bus: DurableLog, options: LiveOptions): Promise<void> {
  const batch = new BatchBuilder(`live-${options.interface}`, options.epoch);
  const flush = () => {
    const blocks = batch.seal();
    if (blocks.length === 0) return;
    bus.append(blocks, options.now());
    options.onAppended();
  };
  const engine = new Engine(
    options.engine,
    (record) => {
      batch.add(record);
      if (batch.rows >= BATCH_ROWS) flush();
    },
    DISSECTORS,
  );
  const timer = setInterval(() => {
    engine.advance(options.now());
    flush();
  }, SEAL_EVERY);
  try {
    await captureLive(options.interface, engine, {
      signal: options.signal,
      ...(options.filter ? { filter: options.filter } : {}),
      ...(options.onStats ? { onStats: options.onStats } : {}),
    });
  } finally {
    clearInterval(timer);
    engine.finish();
    flush();
  }
}
