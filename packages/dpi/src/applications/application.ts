/** What the engine knows about the application of one connection: its dissector, its services, bytes that wait. */
import type { LogRecord } from '@thymus/core';
import type { Connection, Dissector, OnDemand, Session } from '../dissector.ts';
import { type FileOptions, type FileStart, FileTransfer } from '../files/transfer.ts';
import type { Identity } from '../flows/identity.ts';
import type { Expected } from './expected.ts';
import type { Pending } from './pending.ts';

/** A chunk of a stream that came before the protocol was known. */
export interface EarlyChunk {
  readonly bytes: Uint8Array;
  readonly fromOriginator: boolean;
}

export type Proto = 'tcp' | 'udp' | 'icmp';

/** What an application needs of its engine. */
export interface ApplicationHost {
  /** The columns that Zeek does not have are wanted. */
  readonly wantsOwn: boolean;
  readonly onDemand: ReadonlySet<OnDemand>;
  readonly files: FileOptions;
  identify(flow: number): Identity;
  /** Payload bytes of both directions so far. */
  payload(flow: number): number;
  flip(flow: number): void;
  emit(record: LogRecord): void;
  expect(expected: Expected): void;
  weird(flow: number, id: Identity, name: string, detail?: string, source?: string): void;
}

/** Names of weirds that one connection may tell before the rest is held back. */
const MOST_WEIRDS = 64;

export class Application implements Connection {
  readonly proto: Proto;
  ts: number;
  /** Confirmed services, in the order they were confirmed. */
  services: string[] = [];
  dissector: Dissector | undefined;
  session: Session | undefined;
  isConfirmed = false;
  /** Set during a feed: the dissector that takes over; empty = detect anew. */
  handsTo: string | undefined;
  /** How often the connection was turned around. */
  turns = 0;
  /** True once the session wants nothing more. */
  isDone = false;
  early: EarlyChunk[] | undefined;
  earlyBytes = 0;
  /** Directions whose bytes so far were too few to tell, as a bit each: 1 = originator, 2 = responder. */
  undecided = 0;
  /** Bytes that the session wants to see again, by direction. */
  readonly left: [Pending | undefined, Pending | undefined] = [undefined, undefined];
  context: unknown;
  /** Dissectors that turned out wrong. */
  refused: Dissector[] | undefined;
  readonly flow: number;
  /** Made at once, as nearly every application ends in a record; the conn record takes it from here. */
  id: Identity;
  readonly #host: ApplicationHost;
  #told: Set<string> | undefined;
  #files = 0;

  constructor(host: ApplicationHost, flow: number, proto: Proto, ts: number) {
    this.#host = host;
    this.flow = flow;
    this.id = host.identify(flow);
    this.proto = proto;
    this.ts = ts;
  }

  get uid(): string {
    return this.id.uid;
  }

  get start(): number {
    return this.id.ts;
  }

  get source_ip(): string {
    return this.id.source_ip;
  }

  get source_port(): number {
    return this.id.source_port;
  }

  get dest_ip(): string {
    return this.id.dest_ip;
  }

  get dest_port(): number {
    return this.id.dest_port;
  }

  get wantsOwn(): boolean {
    return this.#host.wantsOwn;
  }

  get local_orig(): boolean {
    return this.id.local_orig;
  }

  get local_resp(): boolean {
    return this.id.local_resp;
  }

  emit(record: LogRecord): void {
    this.#host.emit(record);
  }

  weird(name: string, detail?: string, source?: string): void {
    this.#told ??= new Set();
    if (this.#told.has(name) || this.#told.size >= MOST_WEIRDS) return;
    this.#told.add(name);
    this.#host.weird(this.flow, this.id, name, detail, source);
  }

  confirm(service?: string): void {
    this.isConfirmed = true;
    const name = service ?? this.dissector?.name;
    if (name !== undefined && !this.services.includes(name)) this.services.push(name);
  }

  handOver(dissector?: string): void {
    this.handsTo = dissector ?? '';
  }

  flip(): void {
    this.#host.flip(this.flow);
  }

  isWanted(rows: OnDemand): boolean {
    return this.#host.onDemand.has(rows);
  }

  get fileOptions(): FileOptions {
    return this.#host.files;
  }

  file(start: FileStart): FileTransfer {
    return new FileTransfer(this, this.#files++, start, this.#host.files);
  }

  expect(expected: Expected): void {
    this.#host.expect(expected);
  }

  /** Forgets what was derived from the tuple, after the connection was turned around. */
  turn(): void {
    this.id = this.#host.identify(this.flow);
    this.turns++;
    this.left.reverse();
    this.undecided = ((this.undecided & 1) << 1) | (this.undecided >> 1);
    if (this.early) this.early = this.early.map((c) => ({ ...c, fromOriginator: !c.fromOriginator }));
  }
}
