/**
 * One worker's share of a capture that several read: all packets between two hosts go to the same one, so that what
 * belongs together (FTP and its data, both directions, fragments) stays together.
 */
import type { PacketTaker } from './gate.ts';
import { Outline, UDP } from './outline.ts';

/** DHCP's conversations change their addresses, so one worker has them all: RFC 2131 §4.1, RFC 8415 §7.2. */
const DHCP_PORTS: ReadonlySet<number> = new Set([67, 68, 546, 547]);
/** Wi-Fi frames may hold packets of several hosts. */
const WIFI: ReadonlySet<number> = new Set([105, 127]);

export class PacketShare implements PacketTaker {
  readonly #index: number;
  readonly #of: number;
  readonly #taker: PacketTaker;
  readonly #outline = new Outline();

  /** Share `index` (from 0) of `of` is passed on. */
  constructor(index: number, of: number, taker: PacketTaker) {
    this.#index = index;
    this.#of = of;
    this.#taker = taker;
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
  ): void {
    if (this.#shareOf(bytes, offset, caplen, linktype) === this.#index)
      this.#taker.packet(bytes, offset, caplen, wirelen, ts, linktype);
  }

  /** The share of a frame; what is not IP falls to the first. */
  #shareOf(bytes: Uint8Array, offset: number, caplen: number, linktype: number): number {
    const o = this.#outline;
    if (WIFI.has(linktype) || !o.read(bytes, offset, caplen, linktype)) return 0;
    if (o.proto === UDP && DHCP_PORTS.has(o.destPort)) return 0;
    return spread(fold(bytes, o.sourceAt, o.addressSize), fold(bytes, o.destAt, o.addressSize)) % this.#of;
  }
}

function fold(b: Uint8Array, at: number, size: number): number {
  let h = 0;
  for (let i = at; i < at + size; i++) h = Math.imul(h ^ b[i]!, 0x01000193) + 0x9e37;
  return Math.imul(h ^ (h >>> 16), 0x85ebca6b);
}

/** The same for both directions. */
function spread(a: number, b: number): number {
  const h = Math.imul((a + b) ^ ((a + b) >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
