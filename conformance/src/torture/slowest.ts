/** The packets that took longest, found in one pass and then repeated: the first time says more about the machine. */
import { Random } from '@thymus/core';
import { DISSECTORS, Engine } from '@thymus/dpi';
import { mutate } from '../../../tools/traffic/mutate.ts';
import { optionsOf, type Recorded, seedOf } from './rounds.ts';

export interface Place {
  capture: number;
  round: number;
  index: number;
}

export interface SlowPacket {
  /** Capture, round and number of the packet. */
  name: string;
  /** Median over all repeats, ms. */
  median: number;
}

/** Packets that are looked at again, a few times; of these the slowest are repeated often. */
const CANDIDATES = 600;
const SIFT_REPEATS = 5;
const FINALISTS = 20;
const REPEATS = 100;

export class Slowest {
  #found: (Place & { time: number })[] = [];
  #threshold = 0.05;
  readonly #recorded: readonly Recorded[];
  readonly #seed: number;

  constructor(recorded: readonly Recorded[], seed: number) {
    this.#recorded = recorded;
    this.#seed = seed;
  }

  /** `time` in ms. */
  note(time: number, place: Place): void {
    if (time < this.#threshold) return;
    this.#found.push({ ...place, time });
    if (this.#found.length < CANDIDATES * 2) return;
    this.#found = slowestFirst(this.#found, ({ time }) => time).slice(0, CANDIDATES);
    this.#threshold = this.#found.at(-1)!.time;
  }

  judge(): SlowPacket[] {
    const candidates = slowestFirst(this.#found, ({ time }) => time).slice(0, CANDIDATES);
    const sifted = slowestFirst(this.#repeat(candidates, SIFT_REPEATS), ({ median }) => median);
    const finalists = sifted.slice(0, FINALISTS).map(({ place }) => place);
    return slowestFirst(this.#repeat(finalists, REPEATS), ({ median }) => median).map(
      ({ place, median }) => ({
        name: `${this.#recorded[place.capture]!.name}, round ${place.round}, packet ${place.index}`,
        median,
      }),
    );
  }

  #repeat(places: readonly Place[], times: number): { place: Place; median: number }[] {
    const runs = Map.groupBy(places, ({ capture, round }) => `${capture} ${round}`);
    return [...runs.values()].flatMap((ofRun) => this.#repeatRun(ofRun, times));
  }

  /** Reads one mutated capture again and again, and takes the time of the wanted packets. */
  #repeatRun(places: readonly Place[], times: number): { place: Place; median: number }[] {
    const { capture, round } = places[0]!;
    const random = new Random(seedOf(this.#seed, round, capture));
    const { frames } = mutate(this.#recorded[capture]!.frames, random);
    const last = Math.max(...places.map(({ index }) => index));
    const all = new Map(places.map((place): [number, number[]] => [place.index, []]));
    for (let n = 0; n < times; n++) {
      const engine = new Engine(optionsOf(round), () => {}, DISSECTORS);
      for (let i = 0; i <= last; i++) {
        const { bytes, wirelen, ts, linktype } = frames[i]!;
        const started = performance.now();
        engine.packet(bytes, 0, bytes.length, wirelen, ts, linktype);
        all.get(i)?.push(performance.now() - started);
      }
      engine.finish();
    }
    return places.map((place) => ({ place, median: middle(all.get(place.index)!) }));
  }
}

const slowestFirst = <T>(list: readonly T[], of: (one: T) => number): T[] =>
  [...list].sort((a, b) => of(b) - of(a));

const middle = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;
