/**
 * Which dissector knows these bytes: the best probe wins, then the port, then the order of the list. Only those whose
 * protocol can begin with the first byte are asked.
 */
import type { Dissector } from '../dissector.ts';
import type { Proto } from './application.ts';

/** Dissectors in the order of asking, and the part of them for each first byte. */
interface ByFirst {
  readonly all: readonly Dissector[];
  readonly byFirst: (readonly Dissector[] | undefined)[];
}

const byFirst = (all: readonly Dissector[]): ByFirst => ({
  all,
  byFirst: new Array<readonly Dissector[] | undefined>(256).fill(undefined),
});

const ELSEWHERE = -1;
/** Nobody else is asked: from here on a probe goes by more than what several protocols share. */
const SURE = 0.9;

export class Candidates {
  /** Probes that threw: faults of ours. */
  faults = 0;
  /** True if a dissector wanted more bytes to tell when asked last. */
  isUndecided = false;
  readonly #byTransport: Record<Proto, Dissector[]> = { tcp: [], udp: [], icmp: [] };
  /** By port, those at home there first; port -1 stands for all others. Lists by first byte are made when needed. */
  readonly #byPort: Record<Proto, Map<number, ByFirst>> = { tcp: new Map(), udp: new Map(), icmp: new Map() };
  readonly #byName = new Map<string, Dissector>();
  /** Those whose state outlives connections. */
  readonly #waiting: Dissector[] = [];

  constructor(dissectors: readonly Dissector[]) {
    for (const declared of dissectors) {
      const dissector = declared.create?.() ?? declared;
      this.#byName.set(dissector.name, dissector);
      if (dissector.expire) this.#waiting.push(dissector);
      for (const transport of dissector.transports) this.#byTransport[transport].push(dissector);
    }
    for (const transport of ['tcp', 'udp', 'icmp'] as const) this.#orderByPort(transport);
  }

  /** Lets dissectors tell what has waited too long. */
  expire(now: number): void {
    for (const dissector of this.#waiting) {
      try {
        dissector.expire!(now);
      } catch {
        this.faults++;
      }
    }
  }

  named(name: string): Dissector | undefined {
    return this.#byName.get(name);
  }

  /** The dissector that is surest of these bytes, or undefined if none is or they are too few to tell. */
  best(
    transport: Proto,
    port: number,
    bytes: Uint8Array,
    fromOriginator: boolean,
    refused: readonly Dissector[] | undefined,
  ): Dissector | undefined {
    let found: Dissector | undefined;
    let score = 0;
    this.isUndecided = false;
    const likelies = this.#likelies(transport, port, bytes);
    for (let i = 0; i < likelies.length; i++) {
      const dissector = likelies[i]!;
      if (refused?.includes(dissector)) continue;
      const likely = this.#ask(dissector, bytes, fromOriginator, port);
      if (likely < 0) this.isUndecided = true;
      if (likely > score) {
        score = likely;
        found = dissector;
        if (score >= SURE) break;
      }
    }
    return found;
  }

  #ask(dissector: Dissector, bytes: Uint8Array, fromOriginator: boolean, port: number): number {
    try {
      return dissector.probe(bytes, fromOriginator, port);
    } catch {
      this.faults++;
      return 0;
    }
  }

  /** Those that are worth asking, in order. */
  #likelies(transport: Proto, port: number, bytes: Uint8Array): readonly Dissector[] {
    const ports = this.#byPort[transport];
    const { all, byFirst } = ports.get(port) ?? ports.get(ELSEWHERE)!;
    if (bytes.length === 0) return all;
    const first = bytes[0]!;
    byFirst[first] ??= all.filter((dissector) => dissector.begins?.(first) ?? true);
    return byFirst[first];
  }

  #orderByPort(transport: Proto): void {
    const all = this.#byTransport[transport];
    const ports = this.#byPort[transport];
    ports.set(ELSEWHERE, byFirst(all));
    for (const port of all.flatMap((dissector) => dissector.ports)) {
      const own = all.filter((dissector) => dissector.ports.includes(port));
      ports.set(port, byFirst([...own, ...all.filter((dissector) => !own.includes(dissector))]));
    }
  }
}
