/** Lets a few queries run at a time and a few more wait; the rest are turned away. */
import { ThymusError } from '@thymus/core';

export class Gate {
  readonly #places: number;
  readonly #seats: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(places: number, seats: number) {
    this.#places = places;
    this.#seats = seats;
  }

  /** Runs the work when it is its turn. Throws QUERY_LIMIT where too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#places) {
      if (this.#waiting.length >= this.#seats) {
        throw new ThymusError('QUERY_LIMIT', 'Too many searches are waiting; try again in a moment.');
      }
      await new Promise<void>((done) => this.#waiting.push(done));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
