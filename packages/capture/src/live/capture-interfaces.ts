/** Several live interfaces side by side: each is captured on its own, and again after it failed. */
import { setTimeout as wait } from 'node:timers/promises';
import { ThymusError } from '@thymus/core';
import type { PacketSink } from '../source.ts';
import { captureLive, type LiveStats } from './capture-live.ts';
import { deviceCounters } from './device-counters.ts';

export interface InterfaceStats extends LiveStats {
  name: string;
  /** True while packets can arrive. */
  isUp: boolean;
  /** Why capture does not run; empty while it does. */
  fault: string;
  /** How often it had to be started again. */
  restarts: number;
  /** Packets that the card or its driver dropped since the start. */
  deviceDropped: number;
}

export interface CaptureInterfacesOptions {
  filter?: string;
  signal: AbortSignal;
  /** Called when capture on an interface fails; it is tried again. */
  onFault?(name: string, error: ThymusError): void;
  statsEvery?: number;
  program?: string;
  /** ms before the first new try; doubled each time, up to sixteen times as much. */
  retryAfter?: number;
}

const RETRY_AFTER = 1000;
const LONGEST_WAIT = 16;
/** A capture that ran so long was sound: the next failure is the first again, ms. */
const SOUND_AFTER = 60_000;

export class InterfaceCaptures {
  readonly #options: CaptureInterfacesOptions;
  readonly #all: { stats: InterfaceStats; deviceStart: number }[] = [];

  constructor(options: CaptureInterfacesOptions) {
    this.#options = options;
  }

  /** Totals since the start, in the order in which captures were begun. */
  get stats(): InterfaceStats[] {
    return this.#all.map(({ stats, deviceStart }) => ({
      ...stats,
      deviceDropped: Math.max(0, (deviceCounters(stats.name)?.dropped ?? deviceStart) - deviceStart),
    }));
  }

  /** Captures an interface until the signal. Rejects with what the sink throws. */
  async run(name: string, sink: PacketSink): Promise<void> {
    const { signal, retryAfter = RETRY_AFTER } = this.#options;
    const stats: InterfaceStats = {
      name,
      isUp: false,
      fault: '',
      restarts: 0,
      packets: 0,
      bytes: 0,
      received: 0,
      dropped: 0,
      deviceDropped: 0,
    };
    this.#all.push({ stats, deviceStart: deviceCounters(name)?.dropped ?? 0 });
    for (let factor = 1; !signal.aborted; factor = Math.min(LONGEST_WAIT, factor * 2)) {
      const began = performance.now();
      const error = await this.#once(stats, sink);
      if (!error || signal.aborted) return;
      stats.fault = error.message;
      this.#options.onFault?.(name, error);
      if (performance.now() - began > SOUND_AFTER) factor = 1;
      await wait(retryAfter * factor, undefined, { signal }).catch(() => undefined);
      stats.restarts++;
    }
  }

  /** One capture; gives the reason if it ended by itself. */
  async #once(stats: InterfaceStats, sink: PacketSink): Promise<ThymusError | undefined> {
    const { filter = '', signal, statsEvery, program } = this.#options;
    const { packets, bytes, received, dropped } = stats;
    const onStats = (now: LiveStats) => {
      stats.packets = packets + now.packets;
      stats.bytes = bytes + now.bytes;
      stats.received = received + now.received;
      stats.dropped = dropped + now.dropped;
    };
    const onReady = () => {
      stats.isUp = true;
      stats.fault = '';
    };
    try {
      await captureLive(stats.name, sink, {
        filter,
        signal,
        onReady,
        onStats,
        ...(statsEvery === undefined ? {} : { statsEvery }),
        ...(program === undefined ? {} : { program }),
      });
      return undefined;
    } catch (error) {
      if (error instanceof ThymusError && error.code === 'CAPTURE_FAILED') return error;
      throw error;
    } finally {
      stats.isUp = false;
    }
  }
}
