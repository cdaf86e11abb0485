/** Frames out of bytes that arrive piece by piece, from a file or a pipe, whatever their format. */
import { type FrameParser, hex32, type Step, u32be } from './frame-parser.ts';
import { isPcap, PcapParser } from './pcap.ts';
import { isPcapng, PcapngParser } from './pcapng.ts';

const MAGIC = 4;

export class FrameStream {
  /** Set once the format is known. */
  parser: FrameParser | undefined;
  fault = '';
  #bytes: Uint8Array;
  #end = 0;
  /** Position in the stream of the first byte in the buffer. */
  #base = 0;

  /** 256 KiB to 1 MiB read best: larger buffers fall out of the processor's cache. */
  constructor(capacity = 524_288) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Where in the stream the next record begins. */
  get position(): number {
    return this.#base + (this.parser?.at ?? 0);
  }

  /** True if part of a record is waiting for the rest. */
  get isWithinRecord(): boolean {
    return this.parser ? this.parser.isWithinRecord : this.#end > 0;
  }

  /** Bytes that have arrived so far. */
  get arrived(): number {
    return this.#base + this.#end;
  }

  /** Where the next bytes belong; call `filled` afterwards. What was read is overwritten. */
  space(): Uint8Array {
    const { parser } = this;
    const at = parser?.at ?? 0;
    const left = this.#end - at;
    const target =
      parser && parser.wanted > this.#bytes.length ? new Uint8Array(parser.wanted * 2) : this.#bytes;
    if (at > 0 || target !== this.#bytes) target.set(this.#bytes.subarray(at, this.#end));
    this.#bytes = target;
    this.#end = left;
    this.#base += at;
    if (parser) {
      parser.bytes = target;
      parser.at = 0;
      parser.end = left;
    }
    return target.subarray(left);
  }

  filled(count: number): void {
    this.#end += count;
    if (this.parser) this.parser.end = this.#end;
  }

  next(): Step {
    const { parser } = this;
    if (!parser) return this.#recognise();
    const step = parser.next();
    if (step === 'bad') this.fault = `${parser.fault} at byte ${this.position}`;
    return step;
  }

  #recognise(): Step {
    if (this.#end < MAGIC) return 'more';
    if (isPcap(this.#bytes)) this.parser = new PcapParser();
    else if (isPcapng(this.#bytes)) this.parser = new PcapngParser();
    else {
      this.fault = `it begins with ${hex32(u32be(this.#bytes, 0))} (the header of a pcap or pcapng file expected)`;
      return 'bad';
    }
    this.parser.bytes = this.#bytes;
    this.parser.end = this.#end;
    return this.next();
  }
}
