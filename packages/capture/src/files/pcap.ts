/** The classic capture format of libpcap in both byte orders, with its variants. pcap-savefile(5). */
import { FrameParser, MAX_FRAME, type Step, u32be, u32le } from './frame-parser.ts';

interface Variant {
  /** Units of the second half of a time stamp per ms. */
  unitsPerMs: number;
  /** Bytes before each packet. */
  recordHeader: number;
}

/** 0xa1b2cd34 was written by a patched Linux kernel of the nineties, 0xa12b3c4d by Navtel's probes. */
const VARIANTS = new Map<number, Variant>([
  [0xa1b2c3d4, { unitsPerMs: 1e3, recordHeader: 16 }],
  [0xa1b23c4d, { unitsPerMs: 1e6, recordHeader: 16 }],
  [0xa12b3c4d, { unitsPerMs: 1e6, recordHeader: 16 }],
  [0xa1b2cd34, { unitsPerMs: 1e3, recordHeader: 24 }],
]);

const FILE_HEADER = 24;

/** True if a file that begins with these 4 bytes is a pcap file. */
export const isPcap = (b: Uint8Array, at = 0): boolean =>
  VARIANTS.has(u32le(b, at)) || VARIANTS.has(u32be(b, at));

export class PcapParser extends FrameParser {
  #u32 = u32le;
  #variant: Variant | undefined;

  next(): Step {
    const variant = this.#variant;
    if (!variant) return this.#readFileHeader();
    const { bytes, at } = this;
    const left = this.end - at;
    if (left < variant.recordHeader) return this.needs(variant.recordHeader);
    const u32 = this.#u32;
    const caplen = u32(bytes, at + 8);
    if (caplen > MAX_FRAME) return this.breaks(`a packet of ${caplen} bytes (at most ${MAX_FRAME} expected)`);
    const whole = variant.recordHeader + caplen;
    if (left < whole) return this.needs(whole);
    const seconds = u32(bytes, at);
    this.wirelen = u32(bytes, at + 12);
    if (seconds === 0 && caplen === 0 && this.wirelen === 0)
      return this.breaks('zeros where a packet was expected');
    // Whole µs are divided in one step, so that they come out the same as from pcapng.
    this.ts =
      variant.unitsPerMs === 1e3
        ? (seconds * 1e6 + u32(bytes, at + 4)) / 1e3
        : seconds * 1e3 + u32(bytes, at + 4) / variant.unitsPerMs;
    this.caplen = caplen;
    this.offset = at + variant.recordHeader;
    this.at = at + whole;
    return 'frame';
  }

  #readFileHeader(): Step {
    const { bytes, at } = this;
    if (this.end - at < FILE_HEADER) return this.needs(FILE_HEADER);
    this.#u32 = VARIANTS.has(u32le(bytes, at)) ? u32le : u32be;
    this.#variant = VARIANTS.get(this.#u32(bytes, at));
    if (!this.#variant) return this.breaks('no pcap header');
    // The upper half holds the length of the frame check sequence.
    this.linktype = this.#u32(bytes, at + 20) & 0xffff;
    this.at = at + FILE_HEADER;
    return this.next();
  }
}
