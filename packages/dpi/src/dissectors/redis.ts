/** Redis: commands with their replies, matched as Zeek does, also where the client turns replies off. RESP 2 and 3; rows as Zeek's redis.log. */
import type { Redis } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { isTextByte } from '../text.ts';
import { headOf } from './head.ts';
import { beginsArray, type Command, CommandReader, keyAndValue } from './redis/commands.ts';
import { type Reply, ReplyReader } from './redis/replies.ts';
import { Tokens } from './redis/tokens.ts';

/** Commands that wait for a reply; a client that sends more without one is given up, as Zeek does. */
const MOST_PENDING = 10_000;
const MOST_RANGES = 1_000;

/** Commands that begin and end a subscription, and those whose replies come out of turn. */
const SUBSCRIBES = new Set(['psubscribe', 'ssubscribe', 'subscribe']);
const ANSWERED_ELSEWHERE = new Set([...SUBSCRIBES, 'punsubscribe', 'sunsubscribe', 'unsubscribe']);

interface Range {
  readonly first: number;
  /** The first command that is answered again; undefined while the end is open. */
  end: number | undefined;
}

class RedisSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #client = new Tokens(new CommandReader((command) => this.#command(command)));
  readonly #server = new Tokens(new ReplyReader((reply) => this.#reply(reply)));
  readonly #pending = new Map<number, Redis>();
  #commands = 0;
  #replies = 0;
  /** Commands without replies, since the client turned them off. */
  #silent: Range[] = [];
  readonly #unanswered = new Set<number>();
  #isSubscribed = false;
  #isVersion3 = false;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.#client : this.#server).feed(bytes);
    if (consumed < 0) this.#pending.clear(); // what a broken connection still waited for is not told
    return consumed;
  }

  gap(length: number, fromOriginator: boolean): void {
    if (!(fromOriginator ? this.#client : this.#server).gap(length)) this.done = true;
  }

  close(): void {
    if (this.#replies > 0) for (const row of this.#pending.values()) this.#emit(row);
    this.#pending.clear();
  }

  #command(command: Command): void {
    if (this.#pending.size > MOST_PENDING || this.#silent.length > MOST_RANGES) {
      this.#connection.weird('Redis_excessive_pipelining');
      this.done = true;
    }
    if (this.done) return;
    const name = command.words[0]!.toLowerCase();
    const number = ++this.#commands;
    if (name === 'hello' && command.words[1] === '3') this.#isVersion3 = true;
    if (!this.#isVersion3) this.#isSubscribed = SUBSCRIBES.has(name);
    if (ANSWERED_ELSEWHERE.has(name) || this.#isSubscribed) this.#unanswered.add(number);
    if (name === 'client' && command.count === 3) this.#replyMode(command.words[2]!.toLowerCase(), number);
    const row = this.#row(number);
    row.cmd_name = command.words[0]!;
    const { key, value } = keyAndValue(command);
    if (key !== undefined) row.cmd_key = key;
    if (value !== undefined) row.cmd_value = value;
  }

  /** CLIENT REPLY ON, OFF, SKIP. */
  #replyMode(mode: string, number: number): void {
    const last = this.#silent.at(-1);
    const isOpen = last !== undefined && last.end === undefined;
    if (mode === 'on' && isOpen) last.end = number;
    else if (mode === 'off' && !isOpen) this.#silent.push({ first: number, end: undefined });
    else if (mode === 'skip' && !isOpen) this.#silent.push({ first: number, end: number + 2 });
  }

  #reply({ kind, text, isNew }: Reply): void {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    if (isNew) {
      this.#isVersion3 = true;
      this.#isSubscribed = false;
    }
    if (kind === 'push' || (this.#isSubscribed && kind === 'reply')) return;
    const before = this.#replies;
    this.#replies = this.#nextAnswered();
    const row = this.#row(this.#replies);
    row.reply_value = text;
    row.success = kind === 'reply';
    this.#emitUpTo(before, row);
    if (this.#commands === this.#replies) this.#unanswered.clear();
  }

  /** Number of the command that the next reply answers. */
  #nextAnswered(): number {
    const next = this.#replies + 1;
    let answered = next;
    for (const { first, end } of this.#silent)
      if (end !== undefined && next >= first && next < end) answered = end;
    while (this.#unanswered.delete(answered)) answered++;
    this.#silent = this.#silent.filter(({ end }) => end === undefined || end > answered);
    return answered;
  }

  /** Emits the commands that were passed over without a reply, and the one that was answered. */
  #emitUpTo(before: number, answered: Redis): void {
    for (let number = Math.max(1, before); number < this.#replies; number++) {
      const row = this.#pending.get(number);
      if (!row || row.cmd_name === '') continue;
      this.#emit(row);
      this.#pending.delete(number);
    }
    if (answered.cmd_name === '') return;
    this.#emit(answered);
    this.#pending.delete(this.#replies);
  }

  #row(number: number): Redis {
    let row = this.#pending.get(number);
    if (!row) {
      row = { kind: 'redis', ...headOf(this.#connection), cmd_name: '' };
      this.#pending.set(number, row);
    }
    return row;
  }

  #emit(row: Redis): void {
    if (row.cmd_name !== '') this.#connection.emit(row);
  }
}

const PORT = 6379;

/** True for a line of printable text that ends. */
function isLine(bytes: Uint8Array): boolean {
  const lineEnd = bytes.indexOf(10);
  if (lineEnd < 1 || lineEnd > 1_024) return false;
  const end = bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
  for (let i = 0; i < end; i++) if (bytes[i]! < 32 || bytes[i]! > 126) return false;
  return true;
}

export const redis: Dissector = {
  name: 'redis',
  transports: ['tcp'],
  ports: [PORT],
  begins: isTextByte,
  // Arrays are Redis's own; words in a line, or what the server says, could be of many protocols.
  probe(bytes, fromOriginator, destPort) {
    if (fromOriginator && beginsArray(bytes)) return 1;
    return destPort === PORT && isLine(bytes) ? 0.4 : 0;
  },
  open: (connection) => new RedisSession(connection),
};
