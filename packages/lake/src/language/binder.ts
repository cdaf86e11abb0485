/** Collects the values of a statement as bound parameters; the same value is bound once. */
import type { Params } from '../client.ts';

export class Binder {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, string | number> = {};

  /** The placeholder for a text. */
  text(value: string): string {
    return this.#bind(value, 'String');
  }

  /** The placeholder for a number: 64 bits where it is whole, a double otherwise. */
  number(value: number): string {
    return this.#bind(value, Number.isSafeInteger(value) ? 'Int64' : 'Float64');
  }

  get params(): Params {
    return this.#values;
  }

  #bind(value: string | number, type: string): string {
    const key = `${type} ${value}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `p${this.#names.size}`;
      this.#names.set(key, name);
      this.#values[name] = value;
    }
    return `{${name}:${type}}`;
  }
}
