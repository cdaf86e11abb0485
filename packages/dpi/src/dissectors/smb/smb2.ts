/** Commands of SMB 2 and 3. MS-SMB2 §2.2. */
import { Reader } from '@thymus/core';
import type { Authentication } from '../authentication.ts';
import { utf16Text } from '../ntlm/message.ts';
import {
  BUFFER_OVERFLOW,
  CLOSE,
  CREATE,
  IOCTL,
  MORE_PROCESSING,
  NEGOTIATE,
  PENDING,
  READ,
  SESSION_SETUP,
  SET_INFO,
  SUCCESS,
  TREE_CONNECT,
  TREE_DISCONNECT,
  WRITE,
} from './names.ts';
import type { OpenFile, Shares, ShareType, Tree } from './shares.ts';
import type { Sink } from './sink.ts';
import { CHAINED, fileIdAt, timesAt, u64At } from './times.ts';

export const HEADER2 = 64;
/** Bytes of reads and writes before their data. */
export const BULK_HEADER2 = HEADER2 + 48;

const SHARE_TYPES: readonly (ShareType | undefined)[] = [undefined, 'DISK', 'PIPE', 'PRINT'];
const DELETE_ON_CLOSE = 0x1000;
const PIPE_TRANSCEIVE = 0x0011_c017;

/** What is set of a file, MS-FSCC §2.4. */
const FILE_INFO = 1;
const RENAME = 10;
const DISPOSITION = 13;
const DISPOSITION_EX = 64;

/** Requests that wait for an answer. */
const MOST_PENDING = 1_024;

/** Commands of which more than the header is looked at: requests, replies. */
const REQUESTS = new Set([
  SESSION_SETUP,
  TREE_CONNECT,
  TREE_DISCONNECT,
  CREATE,
  CLOSE,
  READ,
  WRITE,
  IOCTL,
  SET_INFO,
]);
const REPLIES = new Set([NEGOTIATE, SESSION_SETUP, TREE_CONNECT, CREATE, READ, IOCTL]);

interface Asked {
  readonly tree: Tree;
  readonly file?: OpenFile | undefined;
  readonly offset?: number;
}

/** Data of a read or write: where it begins in the message, its length, and where it goes. */
export interface Bulk {
  readonly from: number;
  readonly length: number;
  readonly sink: Sink | undefined;
}

const u16 = (b: Uint8Array, at: number): number => (b[at] ?? 0) | ((b[at + 1] ?? 0) << 8);
const u32 = (b: Uint8Array, at: number): number => u16(b, at) + u16(b, at + 2) * 0x10000;

export const commandOf = (message: Uint8Array): number => u16(message, 12);
export const isReplyOf = (message: Uint8Array): boolean => (message[16]! & 1) !== 0;
export const nextOf = (message: Uint8Array): number => u32(message, 20);

/** True if more of a message is needed than its header. */
export const isWanted = (message: Uint8Array): boolean =>
  (isReplyOf(message) ? REPLIES : REQUESTS).has(commandOf(message));

/** True for messages that carry contents. */
export const isBulk = (message: Uint8Array): boolean =>
  commandOf(message) === (isReplyOf(message) ? READ : WRITE);

export class Smb2 {
  readonly #authentication: Authentication;
  readonly #shares: Shares;
  readonly #pending = new Map<number, Asked>();
  /** The file that commands chained to the one before mean. */
  #chained: OpenFile | undefined;

  constructor(authentication: Authentication, shares: Shares) {
    this.#authentication = authentication;
    this.#shares = shares;
  }

  /** Takes one message, from its header on. */
  message(message: Uint8Array): void {
    if (isReplyOf(message)) this.#reply(message);
    else this.#request(message);
  }

  /** Takes the first bytes of a message that carries contents. */
  bulk(message: Uint8Array): Bulk {
    const isReply = isReplyOf(message);
    const status = u32(message, 8);
    if (isReply && status !== SUCCESS && status !== BUFFER_OVERFLOW) {
      if (status !== PENDING) this.#take(message);
      return { from: 0, length: 0, sink: undefined };
    }
    const length = u32(message, HEADER2 + 4);
    if (!isReply) {
      const file = this.#fileAt(message, HEADER2 + 16);
      const sink = length === 0 ? undefined : this.#shares.content(file, true, u64At(message, HEADER2 + 8));
      return { from: u16(message, HEADER2 + 2), length, sink };
    }
    const asked = this.#take(message);
    const sink = length === 0 ? undefined : this.#shares.content(asked?.file, false, asked?.offset ?? 0);
    return { from: message[HEADER2 + 2]!, length, sink };
  }

  #request(message: Uint8Array): void {
    switch (commandOf(message)) {
      case SESSION_SETUP:
        this.#authentication.token(
          this.#buffer(message, u16(message, HEADER2 + 12), u16(message, HEADER2 + 14)),
        );
        break;
      case TREE_CONNECT: {
        const path = this.#text(message, u16(message, HEADER2 + 4), u16(message, HEADER2 + 6));
        this.#ask(message, { tree: { path } });
        break;
      }
      case TREE_DISCONNECT:
        this.#shares.disconnected(u32(message, 36));
        break;
      case CREATE:
        this.#create(message);
        break;
      case CLOSE: {
        const id = fileIdAt(message, HEADER2 + 8);
        this.#shares.closed(id === CHAINED ? undefined : id, this.#fileAt(message, HEADER2 + 8));
        break;
      }
      case READ: {
        const file = this.#fileAt(message, HEADER2 + 16);
        this.#ask(message, { tree: file.tree, file, offset: u64At(message, HEADER2 + 8) });
        break;
      }
      case IOCTL:
        this.#ioctl(message);
        break;
      case SET_INFO:
        this.#setInfo(message);
        break;
    }
  }

  #reply(message: Uint8Array): void {
    const status = u32(message, 8);
    const command = commandOf(message);
    if (command === SESSION_SETUP) this.#setup(message, status);
    if (status === PENDING) return;
    const isRead = status === SUCCESS || status === BUFFER_OVERFLOW;
    if (command === NEGOTIATE && isRead) {
      this.#authentication.token(
        this.#buffer(message, u16(message, HEADER2 + 56), u16(message, HEADER2 + 58)),
      );
    }
    const asked = this.#take(message);
    if (!asked || !isRead) return;
    if (command === TREE_CONNECT) {
      asked.tree.type = SHARE_TYPES[message[HEADER2 + 2] ?? 0];
      this.#shares.connected(u32(message, 36), asked.tree);
    } else if (command === CREATE && asked.file) {
      const size = u64At(message, HEADER2 + 48);
      this.#shares.opened(fileIdAt(message, HEADER2 + 64), asked.file, size, timesAt(message, HEADER2 + 8));
    } else if (command === IOCTL && asked.file) {
      const output = this.#buffer(message, u32(message, HEADER2 + 32), u32(message, HEADER2 + 36));
      this.#shares.pipe(asked.file).push(output, false);
    }
  }

  #setup(message: Uint8Array, status: number): void {
    const token = this.#buffer(message, u16(message, HEADER2 + 4), u16(message, HEADER2 + 6));
    if (status === SUCCESS || status === MORE_PROCESSING) this.#authentication.token(token);
    if (status !== MORE_PROCESSING && status !== PENDING) this.#authentication.outcome(status === SUCCESS);
  }

  #create(message: Uint8Array): void {
    const name = this.#text(message, u16(message, HEADER2 + 44), u16(message, HEADER2 + 46));
    const isDoomed = (u32(message, HEADER2 + 40) & DELETE_ON_CLOSE) !== 0;
    const tree = this.#shares.tree(u32(message, 36));
    const file = this.#shares.opening(name, tree, isDoomed);
    this.#chained = file;
    this.#ask(message, { tree, file });
  }

  #ioctl(message: Uint8Array): void {
    if (u32(message, HEADER2 + 4) !== PIPE_TRANSCEIVE) return;
    const file = this.#fileAt(message, HEADER2 + 8);
    const input = this.#buffer(message, u32(message, HEADER2 + 24), u32(message, HEADER2 + 28));
    this.#shares.pipe(file).push(input, true);
    this.#ask(message, { tree: file.tree, file });
  }

  #setInfo(message: Uint8Array): void {
    if (message[HEADER2 + 2] !== FILE_INFO) return;
    const kind = message[HEADER2 + 3];
    if (kind !== RENAME && kind !== DISPOSITION && kind !== DISPOSITION_EX) return;
    const file = this.#fileAt(message, HEADER2 + 16);
    const info = this.#buffer(message, u16(message, HEADER2 + 8), u32(message, HEADER2 + 4));
    if (kind === RENAME) {
      const name = utf16Text(info, 20, Math.min(info.length, 20 + u32(info, 16)));
      if (name !== '') this.#shares.renamed(file, name);
    } else if (((info[0] ?? 0) & 1) !== 0) this.#shares.deleted(file);
  }

  #fileAt(message: Uint8Array, at: number): OpenFile {
    const id = fileIdAt(message, at);
    if (id === CHAINED && this.#chained) return this.#chained;
    return this.#shares.file(id, this.#shares.tree(u32(message, 36)));
  }

  #ask(message: Uint8Array, asked: Asked): void {
    if (this.#pending.size >= MOST_PENDING) {
      const [oldest] = this.#pending.keys();
      if (oldest !== undefined) this.#pending.delete(oldest);
    }
    this.#pending.set(u64At(message, 24), asked);
  }

  #take(message: Uint8Array): Asked | undefined {
    const id = u64At(message, 24);
    const asked = this.#pending.get(id);
    if (asked) this.#pending.delete(id);
    return asked;
  }

  /** Bytes at an offset from the header; none if they do not lie within the message. */
  #buffer(message: Uint8Array, from: number, length: number): Uint8Array {
    const r = new Reader(message, Math.min(from, message.length));
    return from < HEADER2 ? message.subarray(0, 0) : r.take(length);
  }

  #text(message: Uint8Array, from: number, length: number): string {
    return utf16Text(this.#buffer(message, from, length));
  }
}
