/** Texts of addresses that stand in the flow table as words, with the answers of the last few thousand remembered. */
import { type AddressRange, formatAddress, PRIVATE_RANGES, parseRange, rangeContains } from '@thymus/core';

const MOST_KNOWN = 65_536;
const PLACES = 1 << 16;

export interface KnownAddress {
  readonly text: string;
  readonly isLocal: boolean;
}

export class Addresses {
  readonly #ranges: readonly AddressRange[];
  /** IPv4 addresses, each at the place its hash gives; a newer one takes it over. A third of a map's time. */
  readonly #v4 = new Array<KnownAddress | undefined>(PLACES).fill(undefined);
  readonly #v4Keys = new Int32Array(PLACES);
  readonly #v6 = new Map<string, KnownAddress>();
  readonly #bytes = new Uint8Array(16);

  /** `internal` is CIDR texts; what is none of them is left out. Without it private space counts as internal. */
  constructor(internal: readonly string[] | undefined) {
    this.#ranges =
      internal === undefined
        ? PRIVATE_RANGES
        : internal.map((text) => parseRange(text)).filter((range) => range !== undefined);
  }

  /** Text and side of the address at word `at`. */
  of(w: Int32Array, at: number): KnownAddress {
    const isV4 = w[at] === 0 && w[at + 1] === 0 && w[at + 2] === 0xffff;
    const key = w[at + 3]!;
    if (isV4) {
      const place = (Math.imul(key, 0x9e3779b1) >>> 16) & (PLACES - 1);
      const known = this.#v4[place];
      if (known && this.#v4Keys[place] === key) return known;
      const made = this.#describe(w, at);
      this.#v4[place] = made;
      this.#v4Keys[place] = key;
      return made;
    }
    const name = `${w[at]},${w[at + 1]},${w[at + 2]},${key}`;
    const known = this.#v6.get(name);
    if (known) return known;
    const made = this.#describe(w, at);
    if (this.#v6.size >= MOST_KNOWN) this.#v6.clear();
    this.#v6.set(name, made);
    return made;
  }

  #describe(w: Int32Array, at: number): KnownAddress {
    const bytes = this.#bytes;
    for (let i = 0; i < 16; i++) bytes[i] = w[at + (i >> 2)]! >>> (24 - (i & 3) * 8);
    const isLocal = this.#ranges.some((range) => rangeContains(range, bytes));
    return { text: formatAddress(bytes), isLocal };
  }
}
