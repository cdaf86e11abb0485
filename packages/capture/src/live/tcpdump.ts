/** A tcpdump process that writes the packets of one interface: what it is told, what it says, when it ends. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface TcpdumpOptions {
  /** A filter in the words of pcap-filter(7); empty for none. */
  filter: string;
  /** Hands on each packet at once: less delay, twice the work per packet. */
  isUnbuffered: boolean;
  program: string;
}

/** What the kernel counted for this process. */
export interface KernelCounts {
  /** Packets that passed the filter, the dropped ones among them, and those dropped as the buffer was full. */
  received: number;
  dropped: number;
}

/** Room for 64 MiB of packets in the kernel, in KiB: two seconds at 250 kpps of small packets. */
const KERNEL_BUFFER = '65536';
/** How long a child that was asked to end may take, ms. */
const GRACE = 2000;
/** tcpdump's reason stands in its last lines. */
const KEPT_TEXT = 4096;

export class Tcpdump {
  readonly isUnbuffered: boolean;
  readonly counts: KernelCounts = { received: 0, dropped: 0 };
  readonly ended: Promise<void>;
  /** Resolves once packets can arrive, or never. */
  readonly ready: Promise<void>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  #text = '';
  #error: NodeJS.ErrnoException | undefined;
  #killer: NodeJS.Timeout | undefined;
  #becomeReady: () => void = () => undefined;

  constructor(name: string, { filter, isUnbuffered, program }: TcpdumpOptions) {
    this.isUnbuffered = isUnbuffered;
    const mode = isUnbuffered ? ['-U'] : [];
    const args = [...mode, '-w', '-', '-B', KERNEL_BUFFER, '-i', name, ...(filter ? ['--', filter] : [])];
    this.#process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
    this.ended = new Promise<void>((resolve) => {
      this.#process.on('close', () => resolve());
      this.#process.on('error', (error) => {
        this.#error = error;
        resolve();
      });
    }).then(() => clearTimeout(this.#killer));
  }

  get output(): Readable {
    return this.#process.stdout;
  }

  /** Asks it to end, which makes it print its counts; insists after a while. */
  readonly stop = (): void => {
    if (this.#hasEnded) return;
    this.#process.kill('SIGINT');
    this.#killer ??= setTimeout(() => this.#process.kill('SIGKILL'), GRACE);
  };

  /** Asks for its counts, which it tells a little later. */
  askCounts(): void {
    if (!this.#hasEnded) this.#process.kill('SIGUSR1');
  }

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

  get #hasEnded(): boolean {
    return this.#error !== undefined || this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #hear(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_TEXT);
    this.counts.received = lastCount(this.#text, 'received by filter') ?? this.counts.received;
    this.counts.dropped = lastCount(this.#text, 'dropped by kernel') ?? this.counts.dropped;
    if (this.#text.includes('listening on')) this.#becomeReady();
  }
}

function lastCount(text: string, what: string): number | undefined {
  const found = [...text.matchAll(new RegExp(`(\\d+) packets? ${what}`, 'g'))].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}
