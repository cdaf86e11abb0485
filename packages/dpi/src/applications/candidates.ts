/** Which dissector knows these bytes: the best probe wins, then the port, then the order of the list. */
import type { Dissector } from '../dissector.ts';
import type { Proto } from './application.ts';

export class Candidates {
  /** Probes that threw: faults of ours. */
  faults = 0;
  /** True if a dissector wanted more bytes to tell when asked last. */
  isUndecided = false;
  readonly #byTransport: Record<Proto, Dissector[]> = { tcp: [], udp: [], icmp: [] };
  readonly #byPort: Record<Proto, Map<number, Dissector[]>> = {
    tcp: new Map(),
    udp: new Map(),
    icmp: new Map(),
  };
  readonly #byName = new Map<string, Dissector>();

  constructor(dissectors: readonly Dissector[]) {
    for (const declared of dissectors) {
      const dissector = declared.create?.() ?? declared;
      this.#byName.set(dissector.name, dissector);
      for (const transport of dissector.transports) this.#byTransport[transport].push(dissector);
    }
    for (const transport of ['tcp', 'udp', 'icmp'] as const) this.#orderByPort(transport);
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
    for (const dissector of this.#byPort[transport].get(port) ?? this.#byTransport[transport]) {
      if (refused?.includes(dissector)) continue;
      const likely = this.#ask(dissector, bytes, fromOriginator, port);
      if (likely < 0) this.isUndecided = true;
      if (likely > score) {
        score = likely;
        found = dissector;
        if (score >= 1) break;
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

  #orderByPort(transport: Proto): void {
    const all = this.#byTransport[transport];
    for (const port of all.flatMap((dissector) => dissector.ports)) {
      const own = all.filter((dissector) => dissector.ports.includes(port));
      this.#byPort[transport].set(port, [...own, ...all.filter((dissector) => !own.includes(dissector))]);
    }
  }
}
