/** MySQL and MariaDB: log-ins and commands with their outcome. MySQL internals, "Client/Server Protocol"; rows as Zeek's mysql.log. */
import { type Mysql, Reader } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText } from '../text.ts';
import { headOf } from './head.ts';
import { type Framing, Messages } from './messages.ts';
import {
  CAPABILITY,
  commandName,
  lengthEncoded,
  readError,
  readGreeting,
  readLogin,
  statementAt,
  zeroAt,
} from './mysql/packets.ts';

/** Length and number of a packet. */
const HEADER = 4;
/** Statements are cut well before; rows of results are looked at by their first byte. */
const MOST = 20_000;

const QUERY = 0x03;
const FIELD_LIST = 0x04;
const STATISTICS = 0x09;
const CHANGE_USER = 0x11;
const BINLOG_DUMP = 0x12;
const EXECUTE = 0x17;
const FETCH = 0x1c;
const BINLOG_DUMP_GTID = 0x1e;
const QUIT = 0x01;

const OK = 0x00;
const LOCAL_FILE = 0xfb;
const END = 0xfe;
const ERROR = 0xff;
/** Payload bytes of a packet that begins as an end and is none. */
const LEAST_ROW = 9;

const lengthAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);

const FRAMING: Framing = {
  header: HEADER,
  most: MOST,
  lengthOf: (bytes, at) => HEADER + lengthAt(bytes, at),
};

/** What the server's next packet is: of the log-in, the first of a reply, one of a result, or of no interest. */
type Awaited = 'greeting' | 'login' | 'reply' | 'result' | 'nothing';

class MysqlSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #client = new Messages(FRAMING, (packet) => this.#fromClient(packet));
  readonly #server = new Messages(FRAMING, (packet) => this.#fromServer(packet));
  #isBroken = false;
  #serverCan = 0;
  /** What both sides can. */
  #can = 0;
  #isLoggedIn = false;
  #awaited: Awaited = 'greeting';
  /** Ends of parts (columns, rows) until a result is over. */
  #ends = 0;
  #row: Mysql | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.#client : this.#server).feed(bytes);
    return this.#isBroken ? -1 : consumed;
  }

  gap(length: number, fromOriginator: boolean): void {
    if (!(fromOriginator ? this.#client : this.#server).gap(length)) this.done = true;
  }

  close(): void {
    this.#flush();
  }

  #fromClient(packet: Uint8Array): boolean {
    const number = packet[3]!;
    if (this.#isLoggedIn) {
      // Commands begin anew at 0; other numbers go on with a log-in, a long statement or a file.
      return number === 0 && packet.length > HEADER ? this.#command(packet.subarray(HEADER)) : true;
    }
    if (this.#awaited !== 'login' || this.#row) return true;
    return this.#login(packet.subarray(HEADER));
  }

  #login(payload: Uint8Array): boolean {
    const login = readLogin(payload);
    if (!login) return this.#break();
    this.#connection.confirm();
    this.#can = login.capabilities & this.#serverCan;
    if (login.user === undefined) {
      this.#connection.handOver('ssl');
      return false;
    }
    this.#begin('login', login.user);
    return true;
  }

  #command(payload: Uint8Array): boolean {
    const command = payload[0]!;
    const name = commandName(command);
    if (name === undefined) return this.#break();
    this.#flush();
    this.#begin(name, this.#argument(command, payload));
    if (command === QUIT) this.#flush();
    this.#awaited = awaitedAfter(command);
    this.#ends = this.#endsAfter(command);
    return true;
  }

  #argument(command: number, payload: Uint8Array): string {
    if (command === CHANGE_USER) return fieldText(payload, 1, zeroAt(payload, 1));
    const hasAttributes = command === QUERY && (this.#can & CAPABILITY.queryAttributes) !== 0;
    const from = hasAttributes ? statementAt(payload, 1) : 1;
    const to = payload.at(-1) === 0 ? payload.length - 1 : payload.length;
    return fieldText(payload, from, Math.max(from, to));
  }

  #endsAfter(command: number): number {
    if (command !== QUERY && command !== EXECUTE) return 1;
    return (this.#can & CAPABILITY.deprecateEof) !== 0 ? 1 : 2;
  }

  #fromServer(packet: Uint8Array): boolean {
    const payload = packet.subarray(HEADER);
    if (this.#awaited === 'greeting') return this.#greeting(payload);
    if (this.#awaited === 'result') this.#result(payload);
    else if (this.#awaited !== 'nothing' && this.#row) this.#reply(payload);
    return !this.done;
  }

  #greeting(payload: Uint8Array): boolean {
    const capabilities = readGreeting(payload);
    if (capabilities === undefined) return this.#break();
    this.#serverCan = capabilities;
    this.#awaited = 'login';
    return true;
  }

  #reply(payload: Uint8Array): void {
    const kind = payload[0];
    if (kind === OK) this.#succeed(payload);
    else if (kind === ERROR) this.#fail(payload);
    else if (this.#awaited !== 'reply' || kind === LOCAL_FILE)
      return; // the log-in goes on, or a file comes
    else {
      this.#awaited = 'result';
      this.#result(payload);
    }
  }

  #result(payload: Uint8Array): void {
    if (payload[0] === ERROR) this.#fail(payload);
    const isShort = payload.length < LEAST_ROW || (this.#can & CAPABILITY.deprecateEof) !== 0;
    if (payload[0] !== END || !isShort || --this.#ends > 0) return;
    this.#finish(true, 0);
  }

  #succeed(payload: Uint8Array): void {
    const rows = lengthEncoded(new Reader(payload, 1));
    const isStatement = this.#row?.cmd === 'stmt_prepare';
    this.#finish(true, isStatement ? 0 : rows);
    if (this.#awaited !== 'login') return;
    this.#isLoggedIn = true;
    // What follows is compressed: its packets look different.
    if ((this.#can & (CAPABILITY.compress | CAPABILITY.zstd)) !== 0) this.done = true;
  }

  #fail(payload: Uint8Array): void {
    const row = this.#row;
    if (row) row.response = readError(payload);
    this.#finish(false);
  }

  #finish(success: boolean, rows?: number): void {
    const row = this.#row;
    if (row) {
      row.success = success;
      if (rows !== undefined) row.rows = rows;
    }
    this.#flush();
    if (this.#awaited !== 'login') this.#awaited = 'nothing';
  }

  #begin(cmd: string, arg: string): void {
    this.#row = { kind: 'mysql', ...headOf(this.#connection), cmd, arg };
  }

  #flush(): void {
    if (this.#row) this.#connection.emit(this.#row);
    this.#row = undefined;
  }

  #break(): boolean {
    this.#isBroken = true;
    return false;
  }
}

/** A dump of the log never ends, statistics are a text of their own. */
function awaitedAfter(command: number): Awaited {
  if (command === CHANGE_USER) return 'login';
  if (command === STATISTICS || command === BINLOG_DUMP || command === BINLOG_DUMP_GTID) return 'nothing';
  return command === FETCH || command === FIELD_LIST ? 'result' : 'reply';
}

/** Least bytes of a greeting: with a version of a few letters. */
const LEAST_GREETING = 40;

export const mysql: Dissector = {
  name: 'mysql',
  transports: ['tcp'],
  ports: [3306],
  begins: (first) => first >= LEAST_GREETING,
  // The server speaks first: length, number 0, version 10, and its own version as text that begins with a digit.
  probe(bytes, fromOriginator) {
    if (fromOriginator || bytes.length < 6) return 0;
    const isGreeting = bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0 && bytes[4] === 10;
    if (!isGreeting || bytes[5]! < 0x30 || bytes[5]! > 0x39) return 0;
    return bytes.length >= HEADER + lengthAt(bytes, 0) ? 1 : 0.9;
  },
  open: (connection) => new MysqlSession(connection),
};
