/** How similar devices live: how their hours of a day compare, which a new one borrows, and how large an hour may be. */
import { CELLS } from './series.ts';

const FADE = 0.9995;
/** Fewer device hours than this say nothing: about ten devices for a day. */
const ENOUGH = 240;

/** Quarters of a doubling up to 2^32 steps of the metric. */
const SIZES = 129;
/** Sizes fade by the day: a month-old hour weighs a fifth. */
const DAILY_FADE = 0.95;
/** Hours above this share are the largest of a kind of devices. */
const LARGEST = 1e-3;

const sizeOf = (x: number): number => Math.min(SIZES - 1, Math.floor(4 * Math.log2(1 + x)));

export interface Shape {
  /** Sum and number of device hours per cell, side by side, and over all. */
  cells: Float32Array;
  sum: number;
  hours: number;
  /** Number of device hours by size, in quarters of a doubling. Absent in older snapshots. */
  sizes?: Float32Array;
}

/** Type of device ('' for all) → metric → shape. */
export type PeersState = Map<string, Map<string, Shape>>;

export class Peers {
  readonly #types: PeersState;

  constructor(saved: PeersState = new Map()) {
    this.#types = saved;
  }

  get state(): PeersState {
    return this.#types;
  }

  note(typename: string, metric: string, cell: number, x: number): void {
    this.#add(typename, metric, cell, x);
    this.#add('', metric, cell, x);
  }

  #add(typename: string, metric: string, cell: number, x: number): void {
    let shapes = this.#types.get(typename);
    if (!shapes) {
      shapes = new Map();
      this.#types.set(typename, shapes);
    }
    let shape = shapes.get(metric);
    if (!shape) {
      shape = { cells: new Float32Array(CELLS * 2), sum: 0, hours: 0 };
      shapes.set(metric, shape);
    }
    shape.cells[cell * 2] = FADE * shape.cells[cell * 2]! + x;
    shape.cells[cell * 2 + 1] = FADE * shape.cells[cell * 2 + 1]! + 1;
    shape.sum = FADE * shape.sum + x;
    shape.hours = FADE * shape.hours + 1;
    shape.sizes ??= new Float32Array(SIZES);
    shape.sizes[sizeOf(x)]!++;
  }

  /** A day has passed. */
  fade(): void {
    for (const shapes of this.#types.values()) {
      for (const { sizes } of shapes.values()) {
        for (let i = 0; sizes && i < SIZES; i++) sizes[i]! *= DAILY_FADE;
      }
    }
  }

  /** The size that 999 of 1,000 hours of devices of the type stay below, of all if there are few; undefined while little is known. */
  largest(typename: string, metric: string): number | undefined {
    const sizes = this.#of(typename, metric)?.sizes;
    if (!sizes) return undefined;
    const hours = sizes.reduce((sum, n) => sum + n, 0);
    let [above, size] = [sizes[SIZES - 1]!, SIZES - 1];
    while (size > 0 && above <= LARGEST * hours) above += sizes[--size]!;
    return 2 ** ((size + 1) / 4) - 1;
  }

  /** Of devices of the type if there are enough, else of the network. */
  #of(typename: string, metric: string): Shape | undefined {
    const own = this.#types.get(typename)?.get(metric);
    if (own && own.hours >= ENOUGH) return own;
    const all = this.#types.get('')?.get(metric);
    return all && all.hours >= ENOUGH ? all : undefined;
  }

  /** How the hour of the cell compares with the average hour, and that average. 1 and 0 while nothing is known. */
  prior(typename: string, metric: string, cell: number): { shape: number; level: number } {
    const peers = this.#of(typename, metric);
    if (!peers || peers.sum <= 0) return NOTHING_KNOWN;
    const level = peers.sum / peers.hours;
    // One average hour is added, as a cell may hold one device hour only.
    const mean = (peers.cells[cell * 2]! + level) / (peers.cells[cell * 2 + 1]! + 1);
    return { shape: Math.min(4, Math.max(0.1, mean / level)), level };
  }
}

const NOTHING_KNOWN = { shape: 1, level: 0 };
