/** The gate in front of the engine: counts what each interface delivers, and keeps out what is excluded or a copy. */
import { type AddressRange, isMappedV4, rangeContains } from '@thymus/core';
import { Duplicates } from './duplicates.ts';
import { mappedAddress, Outline } from './outline.ts';

/** Takes packets as `Engine.packet` does. */
export interface PacketTaker {
  packet(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
  ): void;
}

export interface GateOptions {
  /** Packets from or to these networks are kept out. */
  exclude?: readonly AddressRange[];
  deduplicate?: boolean;
  vlanAware?: boolean;
}

/** What one interface delivered: all of it, and what was kept out. The rest was passed on. Lengths as on the wire. */
export interface GateCounts {
  packets: number;
  bytes: number;
  excludedPackets: number;
  excludedBytes: number;
  duplicatePackets: number;
  duplicateBytes: number;
}

const noCounts = (): GateCounts => ({
  packets: 0,
  bytes: 0,
  excludedPackets: 0,
  excludedBytes: 0,
  duplicatePackets: 0,
  duplicateBytes: 0,
});

export class PacketGate {
  readonly #taker: PacketTaker;
  readonly #outline = new Outline(true);
  readonly #duplicates: Duplicates | undefined;
  readonly #exclusion: Exclusion | undefined;
  readonly #counts: GateCounts[] = [];

  constructor(options: GateOptions, taker: PacketTaker) {
    this.#taker = taker;
    if (options.deduplicate) this.#duplicates = new Duplicates({ vlanAware: options.vlanAware ?? false });
    if (options.exclude?.length) this.#exclusion = new Exclusion(options.exclude);
  }

  /** Where the next interface delivers its packets; interfaces have their numbers in this order. */
  open(): PacketTaker {
    const from = this.#counts.length;
    const counts = noCounts();
    this.#counts.push(counts);
    const taker = this.#taker;
    return {
      packet: (bytes, offset, caplen, wirelen, ts, linktype) => {
        counts.packets++;
        counts.bytes += wirelen;
        if (this.#holdsBack(counts, from, bytes, offset, caplen, wirelen, ts, linktype)) return;
        taker.packet(bytes, offset, caplen, wirelen, ts, linktype);
      },
    };
  }

  /** What the interfaces delivered since the gate was made, by their numbers. */
  get counts(): readonly Readonly<GateCounts>[] {
    return this.#counts;
  }

  #holdsBack(
    counts: GateCounts,
    from: number,
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
  ): boolean {
    if (!this.#duplicates && !this.#exclusion) return false;
    const o = this.#outline;
    if (!o.read(bytes, offset, caplen, linktype)) return false;
    if (this.#exclusion?.holds(o)) {
      counts.excludedPackets++;
      counts.excludedBytes += wirelen;
      return true;
    }
    if (!this.#duplicates?.isCopy(o, ts, from)) return false;
    counts.duplicatePackets++;
    counts.duplicateBytes += wirelen;
    return true;
  }
}

const word = (b: Uint8Array, at: number): number =>
  (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;

/** Networks that are kept out, IPv4 as words and masks: the question is asked for every packet. */
class Exclusion {
  readonly #words: Int32Array;
  readonly #masks: Int32Array;
  readonly #others: readonly AddressRange[];

  constructor(ranges: readonly AddressRange[]) {
    const v4 = ranges.filter(({ bytes, bits }) => isMappedV4(bytes) && bits >= 96);
    this.#others = ranges.filter((range) => !v4.includes(range));
    this.#masks = Int32Array.from(v4, ({ bits }) => (bits === 96 ? 0 : -1 << (128 - bits)));
    this.#words = Int32Array.from(v4, ({ bytes }, i) => word(bytes, 12) & this.#masks[i]!);
  }

  holds(o: Outline): boolean {
    return this.#has(o, o.sourceAt) || this.#has(o, o.destAt);
  }

  #has({ bytes, isV6, addressSize }: Outline, at: number): boolean {
    if (!isV6) {
      const address = word(bytes, at);
      for (let i = 0; i < this.#words.length; i++)
        if ((address & this.#masks[i]!) === this.#words[i]) return true;
    }
    if (this.#others.length === 0) return false;
    const mapped = mappedAddress(bytes, at, addressSize);
    return this.#others.some((range) => rangeContains(range, mapped));
  }
}
