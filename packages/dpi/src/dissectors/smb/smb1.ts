/** Commands of SMB 1, chained ones too. MS-CIFS §2.2.4, MS-SMB §2.2.4. */
import { Reader } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { latin1Text } from '../../text.ts';
import type { Authentication } from '../authentication.ts';
import { utf16Text } from '../ntlm/message.ts';
import { MORE_PROCESSING, SUCCESS } from './names.ts';
import type { OpenFile, Shares, Tree } from './shares.ts';
import type { Bulk } from './smb2.ts';
import { timesAt, u64At } from './times.ts';

export const HEADER1 = 32;
/** Bytes of reads and writes before their data. */
export const BULK_HEADER1 = HEADER1 + 32;

const CLOSE = 0x04;
const TRANSACTION = 0x25;
const READ = 0x2e;
const WRITE = 0x2f;
const TREE_DISCONNECT = 0x71;
const NEGOTIATE = 0x72;
const SETUP = 0x73;
const LOGOFF = 0x74;
const TREE_CONNECT = 0x75;
const CREATE = 0xa2;
const NOTHING_MORE = 0xff;

/** Commands that another may be chained to, and how many in a chain. */
const CHAINING = new Set([0x24, 0x2d, READ, WRITE, SETUP, LOGOFF, TREE_CONNECT, CREATE]);
const WANTED = new Set([...CHAINING, CLOSE, TRANSACTION, TREE_DISCONNECT, NEGOTIATE]);
const LONGEST_CHAIN = 10;

const REPLY = 0x80;
const UNICODE = 0x8000;
const EXTENDED_SECURITY = 0x8000_0000;
const DELETE_ON_CLOSE = 0x1000;
/** What is done with a pipe by a transaction, MS-CIFS §2.2.5.6. */
const TRANSACT_PIPE = 0x26;

const MOST_PENDING = 1_024;

interface Asked {
  readonly tree: Tree;
  readonly file?: OpenFile | undefined;
  readonly offset?: number;
}

const u16 = (b: Uint8Array, at: number): number => (b[at] ?? 0) | ((b[at + 1] ?? 0) << 8);
const u32 = (b: Uint8Array, at: number): number => u16(b, at) + u16(b, at + 2) * 0x10000;

const isReply = (message: Uint8Array): boolean => (message[9]! & REPLY) !== 0;
const treeOf = (message: Uint8Array): number => u16(message, 24);

/** True if more of a message is needed than its header. */
export const isWanted1 = (message: Uint8Array): boolean => WANTED.has(message[4]!);

/** True for messages that carry contents, with nothing chained to them. */
export const isBulk1 = (message: Uint8Array): boolean =>
  message[4] === (isReply(message) ? READ : WRITE) && message[HEADER1 + 1] === NOTHING_MORE;

export class Smb1 {
  readonly #connection: Connection;
  readonly #authentication: Authentication;
  readonly #shares: Shares;
  readonly #pending = new Map<number, Asked>();

  constructor(connection: Connection, authentication: Authentication, shares: Shares) {
    this.#connection = connection;
    this.#authentication = authentication;
    this.#shares = shares;
  }

  /** Takes one message, from its header on. */
  message(message: Uint8Array): void {
    let command = message[4]!;
    let at = HEADER1;
    for (let depth = 1; command !== NOTHING_MORE && at + 3 <= message.length; depth++) {
      if (isReply(message)) this.#reply(message, command, at);
      else this.#request(message, command, at);
      if (!CHAINING.has(command) || message[at]! < 2 || message[at + 1] === NOTHING_MORE) return;
      const next = u16(message, at + 3);
      if (next <= at) {
        this.#connection.weird('smb_andx_offset_not_advancing', undefined, 'SMB');
        return;
      }
      if (depth >= LONGEST_CHAIN) {
        this.#connection.weird('smb_andx_depth_exceeded', undefined, 'SMB');
        return;
      }
      command = message[at + 1]!;
      at = next;
    }
  }

  /** Takes the first bytes of a message that carries contents. */
  bulk(message: Uint8Array): Bulk {
    const at = HEADER1;
    if (!isReply(message)) {
      const length = u16(message, at + 21) + u16(message, at + 19) * 0x10000;
      const high = message[at] === 14 ? u32(message, at + 25) : 0;
      const file = this.#fileAt(message, at + 5);
      const sink = this.#shares.content(file, true, u32(message, at + 7) + high * 0x1_0000_0000);
      return { from: u16(message, at + 23), length, sink };
    }
    const asked = this.#take(message);
    if (message[at]! < 12 || u32(message, 5) !== SUCCESS) return { from: 0, length: 0, sink: undefined };
    const length = u16(message, at + 11) + u16(message, at + 15) * 0x10000;
    const sink = length === 0 ? undefined : this.#shares.content(asked?.file, false, asked?.offset ?? 0);
    return { from: u16(message, at + 13), length, sink };
  }

  #request(message: Uint8Array, command: number, at: number): void {
    const words = message[at]!;
    switch (command) {
      case SETUP:
        // Without extended security there is no token: 13 words.
        if (words === 12) this.#authentication.token(bytesAt(message, at + 27, u16(message, at + 15)));
        break;
      case TREE_CONNECT:
        this.#treeConnect(message, at);
        break;
      case TREE_DISCONNECT:
        this.#shares.disconnected(treeOf(message));
        break;
      case CREATE:
        this.#create(message, at);
        break;
      case CLOSE:
        this.#shares.closed(u16(message, at + 1), this.#fileAt(message, at + 1));
        break;
      case READ: {
        const high = words === 12 ? u32(message, at + 21) : 0;
        const file = this.#fileAt(message, at + 5);
        this.#ask(message, { tree: file.tree, file, offset: u32(message, at + 7) + high * 0x1_0000_0000 });
        break;
      }
      case TRANSACTION:
        this.#transaction(message, at);
        break;
    }
  }

  #reply(message: Uint8Array, command: number, at: number): void {
    const status = u32(message, 5);
    const words = message[at]!;
    if (command === SETUP) this.#setup(message, status, at);
    else if (command === NEGOTIATE && words === 17) this.#negotiated(message, at);
    if (command !== TREE_CONNECT && command !== CREATE && command !== TRANSACTION) return;
    const asked = this.#take(message);
    if (!asked || status !== SUCCESS || words === 0) return;
    if (command === TREE_CONNECT) this.#treeConnected(message, asked.tree, at);
    else if (!asked.file) return;
    else if (command === TRANSACTION) {
      const data = bytesAt(message, u16(message, at + 15), u16(message, at + 13));
      this.#shares.pipe(asked.file).push(data, false);
    } else {
      const size = u64At(message, at + 56);
      this.#shares.opened(u16(message, at + 6), asked.file, size, timesAt(message, at + 12));
    }
  }

  #negotiated(message: Uint8Array, at: number): void {
    if ((u32(message, at + 20) & EXTENDED_SECURITY) === 0) return;
    // The server's identity, 16 bytes, comes before the token.
    const from = at + 37 + 16;
    this.#authentication.token(bytesAt(message, from, u16(message, at + 35) - 16));
  }

  #setup(message: Uint8Array, status: number, at: number): void {
    if (message[at] === 4) this.#authentication.token(bytesAt(message, at + 11, u16(message, at + 7)));
    if (status !== MORE_PROCESSING) this.#authentication.outcome(status === SUCCESS);
  }

  #treeConnect(message: Uint8Array, at: number): void {
    const from = at + 11 + u16(message, at + 7);
    const path = text(message, from);
    const service = latin1Until(message, path.end);
    this.#ask(message, { tree: { path: path.text, service: service.text } });
  }

  #treeConnected(message: Uint8Array, tree: Tree, at: number): void {
    const service = latin1Until(message, at + 3 + message[at]! * 2);
    const fileSystem = text(message, service.end);
    tree.service = service.text;
    tree.type = service.text === 'IPC' ? 'PIPE' : service.text.startsWith('LPT') ? 'PRINT' : 'DISK';
    if (fileSystem.text !== '') tree.fileSystem = fileSystem.text;
    this.#shares.connected(treeOf(message), tree);
  }

  #create(message: Uint8Array, at: number): void {
    const name = text(message, at + 51).text;
    const isDoomed = (u32(message, at + 40) & DELETE_ON_CLOSE) !== 0;
    const tree = this.#shares.tree(treeOf(message));
    this.#ask(message, { tree, file: this.#shares.opening(name.replace(/^\\/, ''), tree, isDoomed) });
  }

  #transaction(message: Uint8Array, at: number): void {
    if (message[at + 27] !== 2 || u16(message, at + 29) !== TRANSACT_PIPE) return;
    const file = this.#fileAt(message, at + 31);
    this.#shares.pipe(file).push(bytesAt(message, u16(message, at + 25), u16(message, at + 23)), true);
    this.#ask(message, { tree: file.tree, file });
  }

  #fileAt(message: Uint8Array, at: number): OpenFile {
    return this.#shares.file(u16(message, at), this.#shares.tree(treeOf(message)));
  }

  #ask(message: Uint8Array, asked: Asked): void {
    if (this.#pending.size >= MOST_PENDING) this.#pending.clear();
    this.#pending.set(u32(message, 28), asked);
  }

  #take(message: Uint8Array): Asked | undefined {
    const id = u32(message, 28);
    const asked = this.#pending.get(id);
    if (asked) this.#pending.delete(id);
    return asked;
  }
}

const bytesAt = (message: Uint8Array, from: number, length: number): Uint8Array =>
  new Reader(message, Math.min(from, message.length)).take(length);

/** A text that ends with a zero, in the characters that the header tells, and where what follows begins. */
function text(message: Uint8Array, from: number): { text: string; end: number } {
  if ((u16(message, 10) & UNICODE) === 0) return latin1Until(message, from);
  const start = from + (from & 1); // characters of two bytes lie at even offsets from the header
  let end = start;
  while (end + 1 < message.length && (message[end] !== 0 || message[end + 1] !== 0)) end += 2;
  return { text: utf16Text(message, start, end), end: end + 2 };
}

function latin1Until(message: Uint8Array, from: number): { text: string; end: number } {
  const zero = message.indexOf(0, from);
  const end = zero < 0 ? message.length : zero;
  return { text: latin1Text(message, Math.min(from, end), end), end: end + 1 };
}
