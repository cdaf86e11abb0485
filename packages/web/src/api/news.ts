/** What became new while a screen stands still: collected beside the screen until the person asks for it. */
import type { BreachEvent, LiveState, StatusEvent } from './live.ts';

export interface NewsState {
  live: LiveState;
  /** Newest record of the appliance, and its clock when it said so; ms since the epoch. */
  newest: number;
  clock: number;
  /** The end of relative time ranges: follows `newest` only when the person catches up. */
  anchor: number;
  /** First record of the appliance, ms since the epoch. */
  oldest: number;
  /** Breaches that are not on the screen yet. */
  unseen: ReadonlySet<number>;
  /** Lists may be out of date for a reason that has no number. */
  isStale: boolean;
}

export class News {
  #now: NewsState = {
    live: 'off',
    newest: 0,
    clock: 0,
    anchor: 0,
    oldest: 0,
    unseen: new Set(),
    isStale: false,
  };
  readonly #listeners = new Set<() => void>();
  /** Breaches that this page is changing, with the number of echoes to expect. */
  readonly #own = new Map<number, number>();

  get now(): NewsState {
    return this.#now;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** A session began: its newest data is where relative ranges end. */
  begin(newest: number, clock: number, oldest = newest): void {
    this.#set({ newest, clock, anchor: newest, oldest, unseen: new Set(), isStale: false });
  }

  state(live: LiveState): void {
    this.#set({ live });
  }

  status({ newest, now: clock }: StatusEvent): void {
    this.#set({ newest: Math.max(this.#now.newest, newest ?? 0), clock });
  }

  breach({ pbid, change }: BreachEvent): void {
    if (change === 'new') this.#set({ unseen: new Set(this.#now.unseen).add(pbid) });
    else if (!this.#isOwn(pbid)) this.#set({ isStale: true });
  }

  /** This page changes a breach itself: the event that follows is no news. */
  expect(pbid: number): void {
    this.#own.set(pbid, (this.#own.get(pbid) ?? 0) + 1);
  }

  stale(): void {
    this.#set({ isStale: true });
  }

  /** The person wants to see what is new: ranges move, the collection is empty again. */
  catchUp(): void {
    const { newest } = this.#now;
    this.#set({ anchor: newest, unseen: new Set(), isStale: false });
  }

  #isOwn(pbid: number): boolean {
    const left = this.#own.get(pbid) ?? 0;
    if (left > 1) this.#own.set(pbid, left - 1);
    else this.#own.delete(pbid);
    return left > 0;
  }

  #set(change: Partial<NewsState>): void {
    this.#now = { ...this.#now, ...change };
    for (const listener of this.#listeners) listener();
  }
}
