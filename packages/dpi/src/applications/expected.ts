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

  get size(): number {
    return this.#kept.size;
  }

  /** A newer announcement for the same place replaces the older one; past the cap the oldest goes. */
  add(expected: Expected, ts: number): void {
    const key = keyOf(expected.proto, expected.dest_ip, expected.dest_port);
    this.#kept.delete(key);
    this.#kept.set(key, { expected, until: ts + LIFETIME });
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.keys().next().value!);
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
    this.#kept.delete(key);
    return ts <= kept.until ? kept.expected : undefined;
  }
}

const keyOf = (proto: Proto, ip: string, port: number): string => `${proto} ${ip} ${port}`;
