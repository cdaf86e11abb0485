/** What tests of the engine need: an engine that remembers its records, and a TCP conversation written as frames. */
import {
  ethernetFrame,
  type IpHeader,
  ipPacket,
  type LogRecord,
  type RecordKind,
  TCP_FLAGS,
  type Transport,
  tcpSegment,
} from '@thymus/core';
import type { Dissector } from './dissector.ts';
import { Engine } from './engine.ts';
import type { EngineOptions } from './face.ts';

/** Noon of a day, ms since the epoch. */
export const NOON = 1_700_000_000_000;
const ETHERNET = 1;
const CLIENT_MAC = '02:00:00:00:00:0a';
const SERVER_MAC = '02:00:00:00:00:0b';

type OfKind<K extends RecordKind> = Extract<LogRecord, { kind: K }>;

/** An engine, its clock and its records. */
export class Bench {
  readonly engine: Engine;
  readonly records: LogRecord[] = [];
  /** Time of the next frame; each frame moves it by a millisecond. */
  now = NOON;

  constructor(options: Partial<EngineOptions> = {}, dissectors: readonly Dissector[] = []) {
    const all: EngineOptions = { checksums: 'check', limits: { flows: 64 }, ...options };
    this.engine = new Engine(all, (record) => this.records.push(record), dissectors);
  }

  frame(frame: Uint8Array, linktype = ETHERNET, wireLength = frame.length): void {
    this.engine.packet(frame, 0, frame.length, wireLength, this.now, linktype);
    this.now += 1;
  }

  /** Sends an IP packet in an Ethernet frame; `vlans` are its tags. */
  send(header: IpHeader, transport: Transport, vlans: readonly number[] = []): void {
    this.frame(ethernetFrame({ source: CLIENT_MAC, dest: SERVER_MAC, vlans }, ipPacket(header, transport)));
  }

  of<K extends RecordKind>(kind: K): OfKind<K>[] {
    return this.records.filter((record): record is OfKind<K> => record.kind === kind);
  }

  /** Ends all connections and gives their rows. */
  conns(): OfKind<'conn'>[] {
    this.engine.finish();
    return this.of('conn');
  }

  weirds(): string[] {
    return this.of('weird').map(({ name }) => name);
  }
}

const { ACK, FIN, RST, SYN } = TCP_FLAGS;
const NOTHING = new Uint8Array(0);

export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** A TCP conversation 10.0.0.1:40000 → 10.0.0.2:80 whose sequence numbers begin at 1000 and 5000. */
export class Conversation {
  readonly bench: Bench;
  readonly client = { ip: '10.0.0.1', port: 40_000, seq: 1_000 };
  readonly server = { ip: '10.0.0.2', port: 80, seq: 5_000 };

  constructor(bench: Bench, changes: { clientPort?: number; serverPort?: number } = {}) {
    this.bench = bench;
    this.client.port = changes.clientPort ?? this.client.port;
    this.server.port = changes.serverPort ?? this.server.port;
  }

  /** A segment of either side as it is told; sequence numbers move on by themselves. */
  segment(
    fromClient: boolean,
    flags: number,
    payload: Uint8Array = NOTHING,
    changes: { seq?: number; ack?: number } = {},
  ) {
    const [from, to] = fromClient ? [this.client, this.server] : [this.server, this.client];
    const seq = changes.seq ?? from.seq;
    const transport = tcpSegment(
      { sourcePort: from.port, destPort: to.port, seq, ack: changes.ack ?? to.seq, flags },
      payload,
    );
    this.bench.send({ source: from.ip, dest: to.ip }, transport);
    const spans = payload.length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
    if (changes.seq === undefined) from.seq += spans;
  }

  open(): this {
    this.segment(true, SYN, NOTHING, { ack: 0, seq: this.client.seq });
    this.client.seq++;
    this.segment(false, SYN | ACK);
    this.segment(true, ACK);
    return this;
  }

  /** Payload of the client, acknowledged. */
  ask(text: string): this {
    this.segment(true, ACK, ascii(text));
    this.segment(false, ACK);
    return this;
  }

  /** Payload of the server, acknowledged. */
  answer(text: string): this {
    this.segment(false, ACK, ascii(text));
    this.segment(true, ACK);
    return this;
  }

  close(): this {
    this.segment(true, FIN | ACK);
    this.segment(false, FIN | ACK);
    this.segment(true, ACK);
    return this;
  }

  reset(fromClient: boolean): this {
    this.segment(fromClient, RST | ACK);
    return this;
  }
}
