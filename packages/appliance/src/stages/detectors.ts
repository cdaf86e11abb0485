/**
 * Which detector learns from which source: live sensors and imports share the main one, a case has one of its own, and
 * an import that is older than what has been learned already can be searched but teaches nothing.
 */
import { Detector, type DetectorOptions } from '@thymus/detect';

/** Records later than this behind the newest ones are history, not lateness. */
const LATENESS = 600_000;
/** Ids of a case's devices and subnets start at a multiple of this, so that they do not collide. */
const IDS_PER_CASE = 10_000_000;
const MAIN = '';

type Choice = { detector: string } | { searchOnly: true };

/** Parts of a source name: "case:NAME:job/part" or "job/part". */
function partsOf(source: string): { job: string; name: string } {
  const match = /^case:([^:]*):([^/]*)/.exec(source);
  return match
    ? { name: match[1]!, job: `${match[1]}:${match[2]}` }
    : { name: MAIN, job: source.split('/')[0]! };
}

export class DetectorSet {
  readonly #options: DetectorOptions;
  readonly #detectors = new Map<string, Detector>();
  readonly #choices = new Map<string, Choice>();
  /** Latest event time that the main detector has seen. */
  #newest = Number.NEGATIVE_INFINITY;

  /** `packed` is what `pack` gave. */
  constructor(options: DetectorOptions, packed?: Uint8Array) {
    this.#options = options;
    if (packed && packed.length > 0) this.#unpack(Buffer.from(packed));
    // The main one comes first, so that its ids start at 1.
    this.#named(MAIN);
  }

  /** The detector for a batch of a source whose oldest record is from `oldest`; undefined = search only. */
  for(source: string, oldest: number): Detector | undefined {
    const { job, name } = partsOf(source);
    let choice = this.#choices.get(job);
    if (!choice) {
      const isHistory = name === MAIN && oldest < this.#newest - LATENESS;
      choice = isHistory ? { searchOnly: true } : { detector: name };
      this.#choices.set(job, choice);
    }
    return 'detector' in choice ? this.#named(choice.detector) : undefined;
  }

  /** Notes how far the source has come. */
  advance(source: string, newest: number): void {
    if (partsOf(source).name === MAIN) this.#newest = Math.max(this.#newest, newest);
  }

  pack(): Uint8Array {
    const names = [...this.#detectors.keys()];
    const bodies = names.map((name) => this.#detectors.get(name)!.snapshot());
    const header = JSON.stringify({
      newest: Number.isFinite(this.#newest) ? this.#newest : null,
      choices: [...this.#choices],
      detectors: names.map((name, i) => ({ name, size: bodies[i]!.length })),
    });
    const start = Buffer.alloc(4);
    start.writeUInt32LE(Buffer.byteLength(header));
    return Buffer.concat([start, Buffer.from(header), ...bodies]);
  }

  #named(name: string, snapshot?: Uint8Array): Detector {
    const known = this.#detectors.get(name);
    if (known) return known;
    const options = { ...this.#options, firstId: this.#detectors.size * IDS_PER_CASE + 1 };
    const detector = new Detector(options, snapshot);
    this.#detectors.set(name, detector);
    return detector;
  }

  #unpack(packed: Buffer): void {
    const headerEnd = 4 + packed.readUInt32LE(0);
    const header = JSON.parse(packed.toString('utf8', 4, headerEnd)) as {
      newest: number | null;
      choices: [string, Choice][];
      detectors: { name: string; size: number }[];
    };
    this.#newest = header.newest ?? Number.NEGATIVE_INFINITY;
    for (const [job, choice] of header.choices) this.#choices.set(job, choice);
    let at = headerEnd;
    for (const { name, size } of header.detectors) {
      this.#named(name, packed.subarray(at, at + size));
      at += size;
    }
  }
}
