/** How the hours of a day compare for similar devices: devices of the same type lend their shape to a new one. */
import { CELLS } from './series.ts';

const FADE = 0.9995;
/** Fewer device hours than this say nothing: about ten devices for a day. */
const ENOUGH = 240;

export interface Shape {
  /** Sum and number of device hours per cell, side by side, and over all. */
  cells: Float32Array;
  sum: number;
  hours: number;
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
