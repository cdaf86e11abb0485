/** From interfaces and mirrors to the bus: packets are dissected as they come, records sealed once a second. */
import { InterfaceCaptures, MirrorReceiver, PacketRing, type PacketSink } from '@thymus/capture';
import type { AddressRange, ThymusError } from '@thymus/core';
import { BatchBuilder } from '@thymus/core/node';
import { DISSECTORS, Engine, type EngineOptions, PacketGate, RingKeys } from '@thymus/dpi';
import type { DurableLog } from '@thymus/store';
import { type LiveReport, LiveReporter } from './live-report.ts';
import { OneWayCounter } from './one-way.ts';

const SEAL_EVERY = 1000;
const REPORT_EVERY = 5000;
/** Rows after which a batch is sealed before its second is over. */
const BATCH_ROWS = 20_000;

export interface LiveOptions {
  interfaces: readonly string[];
  /** Addresses and UDP ports on which mirrors send packets in VXLAN or GENEVE. */
  mirrors: readonly { host: string; port: number }[];
  filter: string;
  exclude: readonly AddressRange[];
  /** Leave out copies of packets; undefined = where there are several sources. */
  deduplicate?: boolean;
  /** Keep packets in a folder, up to so many bytes; of an encrypted flow only the first `flowBytes`, 0 = all. */
  ring?: { folder: string; bytes: number; flowBytes: number };
  engine: EngineOptions;
  /** Counts the starts of the capture: with it, sequence numbers can begin at 1 again. */
  epoch: number;
  now: () => number;
  signal: AbortSignal;
  onAppended: () => void;
  /** A source does not work; it is tried again. */
  onFault?: (error: ThymusError) => void;
  onReport?: (report: LiveReport) => void;
}

/** Captures until the signal. Rejects with what keeps all of it from going on. */
export async function captureToBus(bus: DurableLog, options: LiveOptions): Promise<void> {
  const live = new Live(bus, options);
  try {
    await live.run();
  } finally {
    live.close();
  }
}

class Live {
  readonly #bus: DurableLog;
  readonly #options: LiveOptions;
  readonly #batch: BatchBuilder;
  readonly #engine: Engine;
  readonly #gate: PacketGate;
  readonly #ring: PacketRing | undefined;
  readonly #captures: InterfaceCaptures;
  readonly #mirrors: MirrorReceiver[] = [];
  readonly #oneWay = new OneWayCounter();
  readonly #reporter = new LiveReporter();
  readonly #timers: NodeJS.Timeout[];
  #fail: (error: unknown) => void = () => undefined;

  constructor(bus: DurableLog, options: LiveOptions) {
    this.#bus = bus;
    this.#options = options;
    const names = [...options.interfaces, ...options.mirrors.map(({ port }) => `udp ${port}`)];
    this.#batch = new BatchBuilder(`live-${names.join('+')}`, options.epoch);
    this.#engine = new Engine(options.engine, (record) => this.#take(record), DISSECTORS);
    const { ring, exclude, engine } = options;
    this.#ring = ring && new PacketRing(ring.folder, { bytes: ring.bytes });
    const deduplicate = options.deduplicate ?? names.length > 1;
    const gate = { exclude, deduplicate, vlanAware: engine.vlanAware ?? false };
    this.#gate = new PacketGate(gate, this.#sink(ring?.flowBytes ?? 0));
    this.#captures = new InterfaceCaptures({
      filter: options.filter,
      signal: options.signal,
      statsEvery: REPORT_EVERY,
      onFault: (_, error) => options.onFault?.(error),
    });
    this.#timers = [
      setInterval(() => this.#guard(() => this.#tick()), SEAL_EVERY),
      setInterval(() => this.#report(), REPORT_EVERY),
    ];
  }

  async run(): Promise<void> {
    const { interfaces, mirrors, signal } = this.#options;
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const running = interfaces.map((name) => this.#captures.run(name, this.#gate.open()));
    for (const mirror of mirrors) {
      const receiver = new MirrorReceiver(mirror, this.#gate.open(), this.#options.now);
      this.#mirrors.push(receiver);
      running.push(receiver.run(signal));
    }
    await Promise.race([Promise.all(running), failed]);
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#engine.finish();
    this.#flush();
    this.#report();
    this.#ring?.close();
  }

  /** To the ring and to the engine. */
  #sink(flowBytes: number): PacketSink {
    const ring = this.#ring;
    if (!ring) return this.#engine;
    const keys = new RingKeys(flowBytes);
    return {
      packet: (bytes, offset, caplen, wirelen, ts, linktype) => {
        if (keys.wants(bytes, offset, caplen, ts, linktype))
          ring.write(bytes, offset, caplen, wirelen, ts, linktype, keys);
        this.#engine.packet(bytes, offset, caplen, wirelen, ts, linktype);
      },
    };
  }

  #take(record: Parameters<BatchBuilder['add']>[0]): void {
    this.#batch.add(record);
    this.#oneWay.take(record);
    if (this.#batch.rows >= BATCH_ROWS) this.#flush();
  }

  #tick(): void {
    this.#engine.advance(this.#options.now());
    this.#flush();
    this.#ring?.flush();
  }

  /** What fails on a timer ends the capture as what fails on a packet does. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #flush(): void {
    const blocks = this.#batch.seal();
    if (blocks.length === 0) return;
    this.#bus.append(blocks, this.#options.now());
    this.#options.onAppended();
  }

  #report(): void {
    const stats = [...this.#captures.stats, ...this.#mirrors.map((mirror) => mirror.stats)];
    const figures = stats.map((each, i) => ({ stats: each, counts: this.#gate.counts[i]! }));
    this.#options.onReport?.(this.#reporter.report(figures, this.#oneWay.share, this.#options.now()));
  }
}
