/** One live interface through a tcpdump child: no native code, and only the child needs the right to capture. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ThymusError } from '@thymus/core';
import { FrameStream } from './files/frame-stream.ts';
import type { PacketSink } from './source.ts';

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
}

/** Room for 64 MiB of packets in the kernel, in KiB: two seconds at 250 kpps of small packets. */
const KERNEL_BUFFER = '65536';
/** How long a child that was asked to end may take, ms. */
const GRACE = 2000;
/** tcpdump's reason stands in its last lines. */
const KEPT_TEXT = 4096;

/**
 * Hands the packets of an interface to the sink until the signal comes. Rejects with CAPTURE_FAILED and the reason if
 * capture cannot start or ends by itself; starting again is up to the caller.
 */
export async function captureLive(
  name: string,
  sink: PacketSink,
  options: CaptureLiveOptions = {},
): Promise<LiveStats> {
  const stats: LiveStats = { packets: 0, bytes: 0, received: 0, dropped: 0 };
  if (options.signal?.aborted) return stats;
  const child = new Child(name, options, stats);
  try {
    const frames = new FrameStream();
    for await (const piece of child.output) takeFrames(frames, piece as Uint8Array, sink, stats);
  } finally {
    child.stop();
    await child.ended;
  }
  options.onStats?.(stats);
  if (!options.signal?.aborted) throw failed(name, child.reason());
  return stats;
}

function takeFrames(frames: FrameStream, piece: Uint8Array, sink: PacketSink, stats: LiveStats): void {
  for (let at = 0; at < piece.length; ) {
    const space = frames.space();
    const part = piece.subarray(at, at + space.length);
    space.set(part);
    frames.filled(part.length);
    at += part.length;
    let step = frames.next();
    for (; step === 'frame'; step = frames.next()) {
      const p = frames.parser!;
      stats.packets++;
      stats.bytes += p.wirelen;
      sink.packet(p.bytes, p.offset, p.caplen, p.wirelen, p.ts, p.linktype);
    }
    if (step === 'bad') throw new ThymusError('CAPTURE_FAILED', `tcpdump wrote ${frames.fault}.`);
  }
}

/** The tcpdump process: what it says, when it ends. */
class Child {
  readonly ended: Promise<void>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #options: CaptureLiveOptions;
  readonly #stats: LiveStats;
  #text = '';
  #error: NodeJS.ErrnoException | undefined;
  #isReady = false;
  #ticker: NodeJS.Timeout | undefined;
  #killer: NodeJS.Timeout | undefined;

  constructor(name: string, options: CaptureLiveOptions, stats: LiveStats) {
    this.#options = options;
    this.#stats = stats;
    const filter = options.filter ? ['--', options.filter] : [];
    const args = ['-U', '-w', '-', '-B', KERNEL_BUFFER, '-i', name, ...filter];
    this.#process = spawn(options.program ?? 'tcpdump', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.ended = new Promise<void>((resolve) => {
      this.#process.on('close', () => resolve());
      this.#process.on('error', (error) => {
        this.#error = error;
        resolve();
      });
    }).then(() => this.#forget());
    options.signal?.addEventListener('abort', this.stop);
  }

  get output(): Readable {
    return this.#process.stdout;
  }

  /** Asks the child to end, which makes it print its counts; insists after a while. */
  readonly stop = (): void => {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGINT');
    this.#killer ??= setTimeout(() => this.#process.kill('SIGKILL'), GRACE);
  };

  /** Why it ended, in tcpdump's own words where it left any. */
  reason(): string {
    if (this.#error?.code === 'ENOENT') return 'tcpdump is not installed';
    if (this.#error) return `tcpdump cannot be started (${this.#error.code})`;
    const said = this.#text
      .split('\n')
      .filter((line) => line.startsWith('tcpdump: ') && !/listening on/.test(line));
    const last = said.at(-1)?.slice('tcpdump: '.length);
    const { exitCode, signalCode } = this.#process;
    return last ?? `tcpdump ended with ${signalCode ?? `code ${exitCode}`}`;
  }

  #hear(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_TEXT);
    this.#stats.received = lastCount(this.#text, 'received by filter') ?? this.#stats.received;
    this.#stats.dropped = lastCount(this.#text, 'dropped by kernel') ?? this.#stats.dropped;
    if (this.#isReady || !this.#text.includes('listening on')) return;
    this.#isReady = true;
    this.#options.onReady?.();
    this.#ticker = setInterval(() => this.#report(), this.#options.statsEvery ?? 10_000);
  }

  /** tcpdump answers SIGUSR1 with its counts, which the next report then has. */
  #report(): void {
    this.#options.onStats?.(this.#stats);
    this.#process.kill('SIGUSR1');
  }

  #forget(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#killer);
    this.#options.signal?.removeEventListener('abort', this.stop);
  }
}

function lastCount(text: string, what: string): number | undefined {
  const found = [...text.matchAll(new RegExp(`(\\d+) packets? ${what}`, 'g'))].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

const failed = (name: string, reason: string): ThymusError =>
  new ThymusError('CAPTURE_FAILED', `Capture on ${name} failed: ${reason}.`);
