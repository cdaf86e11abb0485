/**
 * One live interface through a tcpdump child: no native code, and only the child needs the right to capture. At high
 * rates the child is replaced by one that hands on packets in blocks, without a gap in between.
 */
import { ThymusError } from '@thymus/core';
import { FrameStream } from '../files/frame-stream.ts';
import type { PacketSink } from '../source.ts';
import { Tcpdump } from './tcpdump.ts';

export interface LiveStats {
  /** Packets handed to the sink, and their length on the wire. */
  packets: number;
  bytes: number;
  /** Packets that passed the filter in the kernel, and those it dropped because we were too slow. */
  received: number;
  dropped: number;
}

export interface CaptureLiveOptions {
  /** A filter in the words of pcap-filter(7). */
  filter?: string;
  /** Ends the capture; the promise then resolves. */
  signal?: AbortSignal;
  /** Called once packets can arrive. */
  onReady?(): void;
  /** Called every `statsEvery` ms, and at the end, with totals since the start. */
  onStats?(stats: LiveStats): void;
  statsEvery?: number;
  /** The capture program, where it is not to be found as tcpdump. */
  program?: string;
  /** Packets per second from which packets come in blocks, and below which they come one by one again. */
  blocksFrom?: number;
  singlesBelow?: number;
  /** How often the rate is looked at, ms. */
  lookEvery?: number;
}

/** tcpdump -U lost packets at 257 kpps in a trial and none at 200; blocks cost half the work. */
const BLOCKS_FROM = 100_000;
const SINGLES_BELOW = 30_000;
const LOOK_EVERY = 1000;
/** The kernel hands on packets after a second at the latest, where they come in blocks, ms. */
const KERNEL_DELAY = 1500;
/** A successor's packets are skipped up to the last one of the child before; older ones tell of a clock set back. */
const OVERLAP = 10_000;

/**
 * Hands the packets of an interface to the sink until the signal comes. Rejects with CAPTURE_FAILED and the reason if
 * capture cannot start or ends by itself; starting again is up to the caller.
 */
export async function captureLive(
  name: string,
  sink: PacketSink,
  options: CaptureLiveOptions = {},
): Promise<LiveStats> {
  if (options.signal?.aborted) return { packets: 0, bytes: 0, received: 0, dropped: 0 };
  const capture = new LiveCapture(name, sink, options);
  try {
    await capture.run();
  } finally {
    await capture.end();
  }
  options.onStats?.(capture.stats);
  if (!options.signal?.aborted) throw failed(name, capture.reason);
  return capture.stats;
}

class LiveCapture {
  readonly #name: string;
  readonly #sink: PacketSink;
  readonly #options: CaptureLiveOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  /** What children counted that have ended. */
  readonly #before = { received: 0, dropped: 0 };
  #packets = 0;
  #bytes = 0;
  #child: Tcpdump;
  /** The child that takes over once it is ready. */
  #next: Tcpdump | undefined;
  /** Time of the last packet, ms. */
  #newest = Number.NEGATIVE_INFINITY;
  /** While a successor repeats what the child before it handed on: the time of the last such packet. */
  #knownUpTo: number | undefined;
  /** Packets at the last look. */
  #seen = 0;

  constructor(name: string, sink: PacketSink, options: CaptureLiveOptions) {
    this.#name = name;
    this.#sink = sink;
    this.#options = options;
    this.#child = this.#start(true);
    options.signal?.addEventListener('abort', this.#stop);
    void this.#child.ready.then(() => {
      options.onReady?.();
      this.#every(options.statsEvery ?? 10_000, () => this.#report());
      this.#every(options.lookEvery ?? LOOK_EVERY, () => this.#look());
    });
  }

  get stats(): LiveStats {
    const { received, dropped } = this.#child.counts;
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      received: this.#before.received + received,
      dropped: this.#before.dropped + dropped,
    };
  }

  get reason(): string {
    return this.#child.reason();
  }

  /** Resolves when a child ended that has no successor. */
  async run(): Promise<void> {
    for (;;) {
      await this.#readAll(this.#child);
      await this.#child.ended;
      const next = this.#next;
      if (!next || this.#options.signal?.aborted) return;
      this.#before.received += this.#child.counts.received;
      this.#before.dropped += this.#child.counts.dropped;
      this.#child = next;
      this.#next = undefined;
    }
  }

  async end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.signal?.removeEventListener('abort', this.#stop);
    this.#stop();
    await Promise.all([this.#child.ended, this.#next?.ended]);
  }

  readonly #stop = (): void => {
    this.#child.stop();
    this.#next?.stop();
    // Nobody reads on: a child that waits for room in the pipe would not end.
    this.#next?.output.resume();
  };

  #start(isUnbuffered: boolean): Tcpdump {
    const { filter = '', program = 'tcpdump' } = this.#options;
    return new Tcpdump(this.#name, { filter, isUnbuffered, program });
  }

  #every(ms: number, action: () => void): void {
    this.#timers.push(setInterval(action, ms));
  }

  /** The next report has what the child answers. */
  #report(): void {
    this.#options.onStats?.(this.stats);
    this.#child.askCounts();
  }

  /** Starts a successor where the rate asks for the other way of handing on. */
  #look(): void {
    const { blocksFrom = BLOCKS_FROM, singlesBelow = SINGLES_BELOW, lookEvery = LOOK_EVERY } = this.#options;
    const rate = ((this.#packets - this.#seen) * 1000) / lookEvery;
    this.#seen = this.#packets;
    const { isUnbuffered } = this.#child;
    if (this.#next || (isUnbuffered ? rate <= blocksFrom : rate >= singlesBelow)) return;
    const next = this.#start(!isUnbuffered);
    this.#next = next;
    const old = this.#child;
    void next.ready.then(() => this.#stopOnceCovered(old));
    // Without a successor the old child goes on.
    void next.ended.then(() => {
      if (this.#next === next) this.#next = undefined;
    });
  }

  /** Packets that wait in the kernel are lost with a child: it ends when it handed on one that its successor has, too. */
  #stopOnceCovered(old: Tcpdump): void {
    const ready = Date.now();
    const timer = setInterval(() => {
      if (this.#newest < ready && Date.now() - ready < KERNEL_DELAY) return;
      clearInterval(timer);
      old.stop();
    }, 5);
    this.#timers.push(timer);
  }

  async #readAll(child: Tcpdump): Promise<void> {
    const frames = new FrameStream();
    this.#knownUpTo = this.#newest;
    try {
      for await (const piece of child.output) this.#take(frames, piece as Uint8Array);
    } catch (error) {
      child.stop();
      throw error;
    }
  }

  #take(frames: FrameStream, piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const space = frames.space();
      const part = piece.subarray(at, at + space.length);
      space.set(part);
      frames.filled(part.length);
      at += part.length;
      let step = frames.next();
      for (; step === 'frame'; step = frames.next()) {
        const p = frames.parser!;
        if (this.#knownUpTo !== undefined && this.#isKnown(p.ts)) continue;
        this.#packets++;
        this.#bytes += p.wirelen;
        this.#newest = p.ts;
        this.#sink.packet(p.bytes, p.offset, p.caplen, p.wirelen, p.ts, p.linktype);
      }
      if (step === 'bad') throw new ThymusError('CAPTURE_FAILED', `tcpdump wrote ${frames.fault}.`);
    }
  }

  /** True as long as packets come that came by the child before. */
  #isKnown(ts: number): boolean {
    const upTo = this.#knownUpTo!;
    if (ts <= upTo && ts > upTo - OVERLAP) return true;
    this.#knownUpTo = undefined;
    return false;
  }
}

const failed = (name: string, reason: string): ThymusError =>
  new ThymusError('CAPTURE_FAILED', `Capture on ${name} failed: ${reason}.`);
