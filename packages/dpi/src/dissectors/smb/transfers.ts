/** Contents of files that are read and written over SMB, put together from reads and writes in order of their offsets. */
import type { Connection } from '../../dissector.ts';
import type { FileTransfer } from '../../files/transfer.ts';
import type { Sink } from './sink.ts';

/** Files in transfer at once, and ms without bytes after which one counts as over (as Zeek has it). */
const MOST_TRANSFERS = 64;
const IDLE = 120_000;

class Content {
  readonly transfer: FileTransfer;
  /** Offset of the byte that comes next. */
  next = 0;
  last: number;

  constructor(transfer: FileTransfer, ts: number) {
    this.transfer = transfer;
    this.last = ts;
  }
}

/** Bytes of one read or write, of which what was seen before is left out. */
class Part implements Sink {
  readonly #content: Content;
  readonly #connection: Connection;
  #at: number;

  constructor(content: Content, connection: Connection, offset: number) {
    this.#content = content;
    this.#connection = connection;
    this.#at = offset;
    if (offset > content.next) {
      content.transfer.gap(offset - content.next);
      content.next = offset;
    }
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    const seen = Math.min(to - from, Math.max(0, this.#content.next - this.#at));
    this.#content.transfer.data(bytes, from + seen, to);
    this.#moveOn(to - from);
  }

  gap(length: number): void {
    this.#content.transfer.gap(Math.max(0, this.#at + length - this.#content.next));
    this.#moveOn(length);
  }

  #moveOn(length: number): void {
    this.#at += length;
    this.#content.next = Math.max(this.#content.next, this.#at);
    this.#content.last = this.#connection.ts;
  }
}

/** What tells whether two handles mean the same content. */
export interface FileIdentity {
  readonly name: string;
  readonly path: string | undefined;
  readonly modified: number | undefined;
  readonly size: number;
}

export class Transfers {
  readonly #connection: Connection;
  readonly #contents = new Map<string, Content>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Where the bytes of a read or write go, and the identity of the file. */
  part(file: FileIdentity, isWrite: boolean, offset: number): { sink: Sink; fuid: string } {
    const key = keyOf(file, isWrite);
    let content = this.#contents.get(key);
    // A file that was read to its end is read anew.
    if (content && isComplete(content) && offset === 0) {
      this.#end(key, content);
      content = undefined;
    }
    content ??= this.#begin(key, file, isWrite);
    return { sink: new Part(content, this.#connection, offset), fuid: content.transfer.fuid };
  }

  /** A handle was closed: what was written is complete, what was read may go on by another handle. */
  closed(file: FileIdentity): void {
    for (const isWrite of [true, false]) {
      const key = keyOf(file, isWrite);
      const content = this.#contents.get(key);
      if (content && (isWrite || isComplete(content))) this.#end(key, content);
    }
  }

  close(): void {
    for (const [key, content] of this.#contents) this.#end(key, content);
  }

  #begin(key: string, { name, size }: FileIdentity, isWrite: boolean): Content {
    this.#makeRoom();
    const transfer = this.#connection.file({
      source: 'SMB',
      isOrig: isWrite,
      filename: name,
      ...(size > 0 ? { total: size } : {}),
    });
    const content = new Content(transfer, this.#connection.ts);
    this.#contents.set(key, content);
    return content;
  }

  #makeRoom(): void {
    for (const [key, content] of this.#contents) {
      const isIdle = this.#connection.ts - content.last > IDLE;
      if (isIdle || this.#contents.size >= MOST_TRANSFERS) this.#end(key, content, isIdle);
    }
  }

  #end(key: string, { transfer }: Content, isTimedOut = false): void {
    transfer.end(isTimedOut);
    this.#contents.delete(key);
  }
}

const keyOf = ({ name, path, modified }: FileIdentity, isWrite: boolean): string =>
  `${isWrite ? 'w' : 'r'}${modified ?? 0}|${path ?? ''}|${name}`;

const isComplete = ({ transfer }: Content): boolean =>
  transfer.total !== undefined && transfer.seen >= transfer.total;
