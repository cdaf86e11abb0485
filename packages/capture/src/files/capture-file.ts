/** One capture file being read: its bytes, its frames, and what is wrong with it. */
import { ThymusError } from '@thymus/core';
import type { CaptureFault, PacketSink } from '../source.ts';
import { FrameStream } from './frame-stream.ts';
import { Input } from './input.ts';
import type { TimedFile } from './merge.ts';

/** `ts` is the time of the next packet, which has not been handed on yet. */
export class CaptureFile implements TimedFile {
  readonly path: string;
  readonly #sink: PacketSink;
  ts = Number.POSITIVE_INFINITY;
  packets = 0;
  /** Length of the packets on the wire. */
  bytes = 0;
  /** Bytes on the disk, read and in total. */
  bytesRead = 0;
  size = 0;
  fault: CaptureFault | undefined;
  #input: Input | undefined;
  #frames: FrameStream | undefined;

  constructor(path: string, sink: PacketSink) {
    this.path = path;
    this.#sink = sink;
  }

  async peek(): Promise<boolean> {
    const hasPackets = await this.open();
    this.close();
    return hasPackets;
  }

  /** Reads up to the first packet; false if there is none. */
  async open(): Promise<boolean> {
    try {
      this.#input = new Input(this.path);
      this.size = this.#input.size;
      this.#frames = new FrameStream();
    } catch (error) {
      return this.#endWith(reasonOf(error));
    }
    return this.advance();
  }

  /** Gives back buffer and handle; `open` then starts from the beginning. */
  close(): void {
    this.#input?.close();
    this.#input = undefined;
    this.#frames = undefined;
  }

  /** Hands on the packets in the buffer up to `limit` (ms). True if the file then has to `advance`. */
  drain(limit: number): boolean {
    const frames = this.#frames!;
    const parser = frames.parser!;
    const sink = this.#sink;
    while (parser.ts <= limit) {
      this.packets++;
      this.bytes += parser.wirelen;
      sink.packet(parser.bytes, parser.offset, parser.caplen, parser.wirelen, parser.ts, parser.linktype);
      if (frames.next() !== 'frame') return true;
    }
    this.ts = parser.ts;
    return false;
  }

  /** Reads on to the next packet; false if there is none, which closes the file. */
  async advance(): Promise<boolean> {
    try {
      return await this.#readOn();
    } catch (error) {
      return this.#endWith(reasonOf(error));
    }
  }

  async #readOn(): Promise<boolean> {
    const frames = this.#frames!;
    let step = frames.next();
    while (step === 'more') {
      const n = await this.#input!.read(frames.space());
      this.bytesRead = this.#input!.bytesRead;
      if (n === 0) return this.#endWith(this.#missing(frames));
      frames.filled(n);
      step = frames.next();
    }
    if (step === 'bad') return this.#endWith(frames.fault);
    this.ts = frames.parser!.ts;
    return true;
  }

  /** What is wrong with a file that ends here, if anything. */
  #missing(frames: FrameStream): string | undefined {
    if (frames.arrived === 0) return 'the file is empty (a capture expected)';
    if (!frames.parser)
      return `the file ends after ${frames.arrived} bytes (the header of a capture expected)`;
    return frames.isWithinRecord ? `the file ends within the record at byte ${frames.position}` : undefined;
  }

  #endWith(message: string | undefined): false {
    if (message !== undefined) this.fault = { path: this.path, message, packets: this.packets };
    this.bytesRead = this.size;
    this.ts = Number.POSITIVE_INFINITY;
    this.close();
    return false;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ThymusError && error.code === 'BAD_FILE') return error.message;
  throw error;
}
