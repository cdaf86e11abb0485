/** A connection within another: what is tunnelled in WebSocket, SOCKS or named pipes is dissected as if it stood alone. */
import type { Expected } from '../applications/expected.ts';
import type { Connection, OnDemand } from '../dissector.ts';
import type { FileOptions, FileStart, FileTransfer } from '../files/transfer.ts';

/** The connection as a dissector of tunnelled bytes sees it: it cannot be turned around or handed on. */
export class InnerConnection implements Connection {
  hasEnded = false;
  readonly #outer: Connection;
  readonly #name: string;

  constructor(outer: Connection, name: string) {
    this.#outer = outer;
    this.#name = name;
  }

  readonly proto = 'tcp';

  get uid(): string {
    return this.#outer.uid;
  }
  get start(): number {
    return this.#outer.start;
  }
  get ts(): number {
    return this.#outer.ts;
  }
  get source_ip(): string {
    return this.#outer.source_ip;
  }
  get source_port(): number {
    return this.#outer.source_port;
  }
  get dest_ip(): string {
    return this.#outer.dest_ip;
  }
  get dest_port(): number {
    return this.#outer.dest_port;
  }
  get wantsOwn(): boolean {
    return this.#outer.wantsOwn;
  }
  get local_orig(): boolean {
    return this.#outer.local_orig;
  }
  get local_resp(): boolean {
    return this.#outer.local_resp;
  }
  emit(record: Parameters<Connection['emit']>[0]): void {
    this.#outer.emit(record);
  }
  weird(name: string, detail?: string, source?: string): void {
    this.#outer.weird(name, detail, source);
  }
  confirm(service?: string): void {
    this.#outer.confirm(service ?? this.#name);
  }
  handOver(): void {
    this.hasEnded = true;
  }
  flip(): void {
    this.hasEnded = true;
  }
  isWanted(rows: OnDemand): boolean {
    return this.#outer.isWanted(rows);
  }
  get fileOptions(): FileOptions {
    return this.#outer.fileOptions;
  }
  file(start: FileStart): FileTransfer {
    return this.#outer.file(start);
  }
  expect(expected: Expected): void {
    this.#outer.expect(expected);
  }
  get context(): unknown {
    return this.#outer.context;
  }
}
