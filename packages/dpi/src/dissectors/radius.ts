/** RADIUS over UDP: who logs in through which server, and whether that succeeds. RFC 2865; rows as Zeek's radius.log. */
import type { Radius } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { headOf } from './head.ts';
import { CODE, isPacket, type RadiusPacket, readPacket } from './radius/packet.ts';

const PORTS: readonly number[] = [1812, 1813, 1645, 1646, 3799];

class RadiusSession implements Session {
  readonly #connection: Connection;
  #row: Radius | undefined;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array): number {
    if (!isPacket(bytes)) return this.#isConfirmed ? bytes.length : -1;
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    this.#packet(readPacket(bytes));
    return bytes.length;
  }

  close(): void {
    if (this.#row) this.#connection.emit({ ...this.#row, result: 'unknown' });
    this.#row = undefined;
  }

  #packet(packet: RadiusPacket): void {
    switch (packet.code) {
      case CODE.REQUEST:
        this.#request(packet);
        break;
      case CODE.CHALLENGE:
        this.#challenge(packet);
        break;
      case CODE.ACCEPT:
        this.#outcome('success');
        break;
      case CODE.REJECT:
        this.#outcome('failed');
    }
  }

  #request({ username, station, tunnelClient, connectInfo }: RadiusPacket): void {
    const row = this.#current();
    if (username !== undefined) row.username ??= username;
    if (station !== undefined) row.mac ??= station;
    if (tunnelClient !== undefined) row.tunnel_client ??= tunnelClient;
    if (connectInfo !== undefined) row.connect_info ??= connectInfo;
  }

  #challenge({ framedAddress, reply }: RadiusPacket): void {
    const row = this.#current();
    if (framedAddress !== undefined) row.framed_addr ??= framedAddress;
    if (reply !== undefined) row.reply_msg ??= reply;
  }

  #outcome(result: string): void {
    const row = this.#current();
    row.result = result;
    const ttl = this.#connection.ts - row.ts;
    if (ttl !== 0) row.ttl = ttl;
    this.#row = undefined;
    this.#connection.emit(row);
  }

  #current(): Radius {
    this.#row ??= { kind: 'radius', ...headOf(this.#connection) };
    return this.#row;
  }
}

export const radius: Dissector = {
  name: 'radius',
  transports: ['udp'],
  ports: PORTS,
  begins: (first) => first > 0 && first < 46,
  probe(bytes, _, destPort) {
    if (!isPacket(bytes)) return 0;
    // An empty packet is twenty bytes with a small number: anything, away from its ports.
    return PORTS.includes(destPort) ? 0.9 : bytes.length > 38 ? 0.6 : 0;
  },
  open: (connection) => new RadiusSession(connection),
};
