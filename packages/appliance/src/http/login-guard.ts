/**
 * Slows down guessing: after five failures an account and an address wait, twice as long each time. OWASP ASVS 5.0,
 * 6.3. Names that no user has wait the same, so that waiting does not tell which names exist.
 */

/** Failures that cost nothing. */
const FREE = 5;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 15 * 60_000;
/** Entries beyond this push out the oldest: a bound on memory, not on attackers' patience. */
const KEPT = 10_000;

interface Entry {
  failures: number;
  until: number;
}

/** How long to wait after so many failures in a row, ms. */
export const waitAfter = (failures: number): number =>
  failures < FREE ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - FREE));

/** Failures by a key: an address, or a name that no user has. Kept in memory. */
export class FailureCounter {
  readonly #entries = new Map<string, Entry>();

  /** How long the key still has to wait, ms. */
  waiting(key: string, now: number): number {
    return Math.max(0, (this.#entries.get(key)?.until ?? 0) - now);
  }

  fail(key: string, now: number): void {
    const failures = (this.#entries.get(key)?.failures ?? 0) + 1;
    this.#entries.delete(key);
    this.#entries.set(key, { failures, until: now + waitAfter(failures) });
    if (this.#entries.size > KEPT) this.#entries.delete(this.#entries.keys().next().value!);
  }

  succeed(key: string): void {
    this.#entries.delete(key);
  }
}

/** Lets a few run at a time and a few wait; the rest is turned away. One password check takes 64 MiB and a thread. */
export class Gate {
  readonly #running: number;
  readonly #waiting: number;
  #now = 0;
  readonly #queue: (() => void)[] = [];

  constructor(running: number, waiting: number) {
    this.#running = running;
    this.#waiting = waiting;
  }

  /** The result of `work`, or undefined if too many are waiting. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#now >= this.#running) {
      if (this.#queue.length >= this.#waiting) return undefined;
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    this.#now++;
    try {
      return await work();
    } finally {
      this.#now--;
      this.#queue.shift()?.();
    }
  }
}
