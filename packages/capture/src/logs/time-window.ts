/** Puts nearly sorted records in order: a heap of those that are held back. */
import type { LogRecord } from '@thymus/core';

interface Entry {
  key: number;
  /** Counts up, so that records of the same time keep their order. */
  order: number;
  record: LogRecord;
}

/**
 * When a record was logged, which is what its log is sorted by: a connection's row is written after its end, all
 * others when what they tell of happens.
 */
export const loggedAt = (record: LogRecord): number =>
  record.kind === 'conn' ? record.ts + (record.duration ?? 0) : record.ts;

const isBefore = (a: Entry, b: Entry): boolean => a.key < b.key || (a.key === b.key && a.order < b.order);

export class TimeWindow {
  readonly #heap: Entry[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the earliest record was logged, ms; infinite if there is none. */
  get first(): number {
    return this.#heap[0]?.key ?? Number.POSITIVE_INFINITY;
  }

  add(record: LogRecord): void {
    const heap = this.#heap;
    const entry = { key: loggedAt(record), order: this.#added++, record };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, entry)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** The earliest record, taken out. */
  take(): LogRecord | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last && last !== first) this.#sink(last);
    return first?.record;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** Puts an entry in the place of the first and lets it sink. */
  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(entry, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = entry;
  }
}
