/**
 * The next generation capture format: sections, interfaces, packets. draft-ietf-opsawg-pcapng.
 *
 * Read are section headers, interface descriptions, enhanced, simple and old packet blocks; all others are skipped.
 */
import { FrameParser, hex32, MAX_FRAME, type Step, u32be, u32le } from './frame-parser.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;

/** More than any packet block with its options; blocks of other types may be larger, as they are only skipped. */
const MAX_BLOCK = 1_048_576;
/** Real files have a handful of interfaces; a section with more than this is hostile. */
const MAX_INTERFACES = 65_536;

const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

interface Interface {
  linktype: number;
  snaplen: number;
  ticksPerMs: number;
  offsetMs: number;
}

/** True if a file that begins with these 4 bytes is a pcapng file. */
export const isPcapng = (b: Uint8Array, at = 0): boolean => u32be(b, at) === SECTION_HEADER;

export class PcapngParser extends FrameParser {
  #isBig = false;
  #u32 = u32le;
  #interfaces: Interface[] = [];
  /** Bytes still to be passed over of a block that is skipped. */
  #skip = 0;

  override get isWithinRecord(): boolean {
    return this.#skip > 0 || super.isWithinRecord;
  }

  next(): Step {
    for (;;) {
      const step = this.#readBlock();
      if (step) return step;
    }
  }

  /** undefined for a block without a packet. */
  #readBlock(): Step | undefined {
    const left = this.#passOver();
    if (left < 12) return this.needs(12);
    const { bytes, at } = this;
    if (u32le(bytes, at) === SECTION_HEADER) {
      const order = this.#readByteOrder();
      if (order) return order;
    }
    const type = this.#u32(bytes, at);
    const length = this.#u32(bytes, at + 4);
    if (length < 12 || length % 4 !== 0)
      return this.breaks(`a block of type ${hex32(type)} with a length of ${length} (12 or more, in fours)`);
    if (!isRead(type)) {
      this.#skip = length;
      return undefined;
    }
    if (length > MAX_BLOCK) return this.breaks(`a block of ${length} bytes (at most ${MAX_BLOCK} expected)`);
    if (left < length) return this.needs(length);
    this.at = at + length;
    const step = this.#readBody(type, at + 8, at + length - 4);
    if (step === 'bad') this.at = at;
    return step;
  }

  /** Moves over what remains of a skipped block; gives the bytes that are left in the buffer. */
  #passOver(): number {
    const passed = Math.min(this.#skip, this.end - this.at);
    this.#skip -= passed;
    this.at += passed;
    return this.end - this.at;
  }

  #readByteOrder(): Step | undefined {
    const { bytes, at } = this;
    if (u32le(bytes, at + 8) === BYTE_ORDER) this.#isBig = false;
    else if (u32be(bytes, at + 8) === BYTE_ORDER) this.#isBig = true;
    else return this.breaks('a section header without a byte order');
    this.#u32 = this.#isBig ? u32be : u32le;
    this.#interfaces = [];
    return undefined;
  }

  #readBody(type: number, body: number, end: number): Step | undefined {
    if (type === INTERFACE) return this.#readInterface(body, end);
    if (type === ENHANCED_PACKET) return this.#readEnhanced(body, end);
    if (type === SIMPLE_PACKET) return this.#readSimple(body, end);
    if (type === OLD_PACKET) return this.#readOld(body, end);
    return undefined;
  }

  #readInterface(body: number, end: number): Step | undefined {
    if (end - body < 8) return this.breaks('an interface description that is too short');
    if (this.#interfaces.length >= MAX_INTERFACES) return this.breaks('more interfaces than any file has');
    const added: Interface = {
      linktype: this.#u16(body),
      snaplen: this.#u32(this.bytes, body + 4),
      ticksPerMs: 1e3,
      offsetMs: 0,
    };
    this.#readInterfaceOptions(added, body + 8, end);
    this.#interfaces.push(added);
    return undefined;
  }

  #readInterfaceOptions(target: Interface, from: number, end: number): void {
    for (let at = from; at + 4 <= end; ) {
      const [code, length] = [this.#u16(at), this.#u16(at + 2)];
      const value = at + 4;
      if (code === 0 || value + length > end) return;
      if (code === OPTION_TSRESOL && length >= 1) target.ticksPerMs = ticksPerMs(this.bytes[value]!);
      if (code === OPTION_TSOFFSET && length >= 8) target.offsetMs = this.#i64(value) * 1e3;
      at = value + Math.ceil(length / 4) * 4;
    }
  }

  #readEnhanced(body: number, end: number): Step {
    if (end - body < 20) return this.breaks('a packet block that is too short');
    const from = this.#interfaces[this.#u32(this.bytes, body)];
    return this.#readPacket(from, body, end);
  }

  #readOld(body: number, end: number): Step {
    if (end - body < 20) return this.breaks('a packet block that is too short');
    return this.#readPacket(this.#interfaces[this.#u16(body)], body, end);
  }

  /** Enhanced and old packet blocks differ in the first word only. */
  #readPacket(from: Interface | undefined, body: number, end: number): Step {
    if (!from) return this.breaks('a packet from an interface that was not described');
    const { bytes } = this;
    const u32 = this.#u32;
    const caplen = u32(bytes, body + 12);
    if (caplen > end - body - 20 || caplen > MAX_FRAME)
      return this.breaks(`a packet of ${caplen} bytes in a block with room for ${end - body - 20}`);
    const ticks = u32(bytes, body + 4) * 4_294_967_296 + u32(bytes, body + 8);
    this.ts = ticks / from.ticksPerMs + from.offsetMs;
    this.wirelen = u32(bytes, body + 16);
    this.caplen = caplen;
    this.offset = body + 20;
    this.linktype = from.linktype;
    return 'frame';
  }

  /** Simple packets carry no time: they get that of the packet before. */
  #readSimple(body: number, end: number): Step {
    const from = this.#interfaces[0];
    if (!from) return this.breaks('a packet from an interface that was not described');
    if (end - body < 4) return this.breaks('a packet block that is too short');
    this.wirelen = this.#u32(this.bytes, body);
    const snaplen = from.snaplen === 0 ? MAX_FRAME : from.snaplen;
    this.caplen = Math.min(this.wirelen, snaplen, end - body - 4, MAX_FRAME);
    this.offset = body + 4;
    this.linktype = from.linktype;
    return 'frame';
  }

  #u16(at: number): number {
    const [a, b] = [this.bytes[at]!, this.bytes[at + 1]!];
    return this.#isBig ? (a << 8) | b : (b << 8) | a;
  }

  #i64(at: number): number {
    const high = this.#u32(this.bytes, this.#isBig ? at : at + 4) | 0;
    return high * 4_294_967_296 + this.#u32(this.bytes, this.#isBig ? at + 4 : at);
  }
}

const isRead = (type: number): boolean =>
  type === ENHANCED_PACKET ||
  type === SIMPLE_PACKET ||
  type === OLD_PACKET ||
  type === INTERFACE ||
  type === SECTION_HEADER;

/** A resolution is a power of ten, or of two where the top bit is set, as the negative exponent of a second. */
function ticksPerMs(resolution: number): number {
  const exponent = resolution & 0x7f;
  return (resolution & 0x80 ? 2 : 10) ** exponent / 1e3;
}
