/** From the simulator to the bus: the demo estate takes the road of real traffic from the bus on. */
import type { LogRecord } from '@thymus/core';
import { BatchBuilder } from '@thymus/core/node';
import type { DurableLog } from '@thymus/store';

const BATCH_ROWS = 50_000;

/** Puts records into the bus, in the order given; the bus skips what it has. Returns how many there were. */
export function recordsToBus(
  records: Iterable<LogRecord>,
  bus: DurableLog,
  options: { source: string; now: () => number; onAppended: (records: number, ts: number) => void },
): number {
  const batch = new BatchBuilder(options.source);
  let count = 0;
  const flush = (ts: number) => {
    const blocks = batch.seal();
    if (blocks.length === 0) return;
    bus.append(blocks, options.now());
    options.onAppended(count, ts);
  };
  let ts = 0;
  for (const record of records) {
    batch.add(record);
    count++;
    ts = record.ts;
    if (batch.rows >= BATCH_ROWS) flush(ts);
  }
  flush(ts);
  return count;
}
