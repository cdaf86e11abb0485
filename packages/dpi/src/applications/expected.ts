/** Connections that another one has announced: what comes there needs no probing (FTP data, TFTP, DCC). */
import type { Proto } from './application.ts';

/** What a connection announces. */
export interface Expected {
  /** Name of the dissector. */
  readonly dissector: string;
  readonly dest_ip: string;
  readonly dest_port: number;
  readonly proto: 'tcp' | 'udp';
  /** Only from there, where it is known. */
  readonly source_ip?: string;
  /** Handed to the session as `connection.context`. */
  readonly context?: unknown;
}

/** How long an announcement holds, ms. */
const LIFETIME = 300_000;
const MOST = 4_096;

interface Kept {
  readonly expected: Expected;
  readonly until: number;
}

export class Expectations {
  readonly #kept = new Map<string, Kept>();
  /** How many announcements name a port: most connections are told by that, without a key being made. */
  readonly #ports = new Uint16Array(65_536);

  /** Announcements that hold. */
  get size(): number {
    return this.#kept.size;
  }

  /** A newer announcement for the same place replaces the older one; past the cap the oldest goes. */
  add(expected: Expected, ts: number): void {
    const key = keyOf(expected.proto, expected.dest_ip, expected.dest_port);
    this.#forget(key);
    this.#kept.set(key, { expected, until: ts + LIFETIME });
    this.#count(expected.dest_port, 1);
    if (this.#kept.size > MOST) this.#forget(this.#kept.keys().next().value!);
  }

  /** False if nothing announced names this port. */
  hasPort(port: number): boolean {
    return this.#ports[port] !== 0;
  }

  /** The announcement that a new connection fulfils, once. */
  take(
    proto: Proto,
    source_ip: string,
    dest_ip: string,
    dest_port: number,
    ts: number,
  ): Expected | undefined {
    const key = keyOf(proto, dest_ip, dest_port);
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    const isFrom = kept.expected.source_ip === undefined || kept.expected.source_ip === source_ip;
    if (ts <= kept.until && !isFrom) return undefined;
    this.#forget(key);
    return ts <= kept.until ? kept.expected : undefined;
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#count(kept.expected.dest_port, -1);
  }

  #count(port: number, change: number): void {
    this.#ports[port] = this.#ports[port]! + change;
  }
}

const keyOf = (proto: Proto, ip: string, port: number): string => `${proto} ${ip} ${port}`;
