/**
 * Connections of which only one direction was seen: a sign of split routing, a mirror of one direction, or lost
 * packets. Attempts that nobody answered are no such sign, and UDP is often meant to be one-way: neither counts.
 */
import type { LogRecord } from '@thymus/core';

export interface OneWayShare {
  /** TCP connections with more than an attempt to connect. */
  connections: number;
  oneWay: number;
}

export class OneWayCounter {
  readonly share: OneWayShare = { connections: 0, oneWay: 0 };

  take(record: LogRecord): void {
    if (record.kind !== 'conn' || record.proto !== 'tcp') return;
    const { orig_pkts = 0, resp_pkts = 0, history = '' } = record;
    if (orig_pkts > 0 && resp_pkts > 0) this.share.connections++;
    else if (/[^S^]/.test(history)) {
      this.share.connections++;
      this.share.oneWay++;
    }
  }
}
