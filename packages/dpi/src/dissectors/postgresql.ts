/** PostgreSQL: log-ins, statements and their outcome. PostgreSQL manual, "Frontend/Backend Protocol" 3.0; rows as Zeek's postgresql.log. */
import type { Postgresql } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { latin1Text } from '../text.ts';
import { headOf } from './head.ts';
import { type Framing, Messages } from './messages.ts';
import { readParameters, readParts, uint32, zeroText } from './postgresql/message.ts';
import { wayName } from './postgresql/names.ts';

/** Statements are cut well before. */
const MOST = 20_000;
/** Bytes of a log-in, the server's own limit. */
const LONGEST_STARTUP = 10_000;

/** What stands in place of the version. */
const TLS_REQUEST = 0x04d2_162f;
const GSSAPI_REQUEST = 0x04d2_1630;
const MAJOR = 3;

/** Types of messages. */
const LETTER = { authentication: 82, data: 68, error: 69, notice: 78, ready: 90 } as const;
const ASKS = { query: 81, parse: 80, terminate: 88 } as const;

/** Answers to a request for encryption, one byte without a frame. */
const YES_TLS = 83;
const YES_GSSAPI = 71;
const NO = 78;

const LAST_WAY = 12;

/** What the client said first and the server has not answered: a log-in comes after it. */
type Opening = 'nothing' | 'tls' | 'gssapi' | 'startup';

class PostgresqlSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #client: Messages;
  readonly #server: Messages;
  #isBroken = false;
  #isConfirmed = false;
  #opening: Opening = 'nothing';
  #row: Postgresql | undefined;
  /** What the log-in said: it goes to every row. */
  #who: Pick<Postgresql, 'user' | 'database' | 'application_name'> = {};
  #rows: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    const frontend: Framing = { header: 5, most: MOST, lengthOf: (b, at) => this.#frontendLength(b, at) };
    const backend: Framing = { header: 1, most: MOST, lengthOf: (b, at) => this.#backendLength(b, at) };
    this.#client = new Messages(frontend, (message) => this.#fromClient(message));
    this.#server = new Messages(backend, (message) => this.#fromServer(message));
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.#client : this.#server).feed(bytes);
    return this.#isBroken ? -1 : consumed;
  }

  gap(length: number, fromOriginator: boolean): void {
    if (!(fromOriginator ? this.#client : this.#server).gap(length)) this.done = true;
  }

  close(): void {
    this.#emit();
  }

  #frontendLength(bytes: Uint8Array, at: number): number {
    if (this.#opening === 'startup') return typedLength(bytes, at);
    const length = uint32(bytes, at);
    return length < 8 || length > LONGEST_STARTUP ? -1 : length;
  }

  #backendLength(bytes: Uint8Array, at: number): number {
    if (this.#opening === 'tls' || this.#opening === 'gssapi') return 1;
    return bytes.length - at < 5 ? 0 : typedLength(bytes, at);
  }

  #fromClient(message: Uint8Array): boolean {
    if (this.#opening !== 'startup') return this.#open(message);
    const type = message[0];
    if (type === ASKS.query) this.#ask('simple_query', zeroText(message, 5).text);
    else if (type === ASKS.parse) this.#ask('parse', zeroText(message, zeroText(message, 5).end + 1).text);
    else if (type === ASKS.terminate) {
      this.#ask('terminate');
      this.#emit();
    }
    return true;
  }

  #open(message: Uint8Array): boolean {
    const code = uint32(message, 4);
    if (code === GSSAPI_REQUEST) this.#opening = 'gssapi';
    else if (code === TLS_REQUEST) {
      this.#opening = 'tls';
      this.#record().frontend = 'ssl_request';
    } else if (code >> 16 === MAJOR) this.#startup(message);
    else return this.#break();
    return true;
  }

  #startup(message: Uint8Array): void {
    this.#opening = 'startup';
    const parameters = readParameters(message, 8);
    this.#who = {
      user: parameters.get('user'),
      database: parameters.get('database'),
      application_name: parameters.get('application_name'),
    };
    this.#record().frontend = 'startup';
  }

  #ask(frontend: string, argument?: string): void {
    this.#emit();
    const row = this.#record();
    row.frontend = frontend;
    if (argument === undefined) return;
    row.frontend_arg = argument;
    this.#rows = 0;
  }

  #fromServer(message: Uint8Array): boolean {
    if (this.#opening === 'tls' || this.#opening === 'gssapi') return this.#encryption(message[0]!);
    if (this.#opening === 'nothing') return this.#break();
    switch (message[0]) {
      case LETTER.authentication:
        return this.#authentication(message);
      case LETTER.error:
        return this.#error(message);
      case LETTER.notice:
        add(this.#record(), readParts(message, 5));
        return true;
      case LETTER.data:
        this.#record();
        this.#rows = (this.#rows ?? 0) + 1;
        return true;
      case LETTER.ready:
        return this.#ready(message);
      default:
        return true;
    }
  }

  #encryption(answer: number): boolean {
    const isTls = this.#opening === 'tls';
    this.#opening = 'nothing';
    if (answer !== NO && answer !== (isTls ? YES_TLS : YES_GSSAPI)) return this.#break();
    this.#confirm();
    if (isTls) this.#answerTls(answer);
    else if (answer === YES_GSSAPI) this.done = true;
    return answer === NO;
  }

  #answerTls(answer: number): void {
    const row = this.#record();
    row.backend = 'ssl_reply';
    row.backend_arg = String.fromCharCode(answer);
    row.success = answer === YES_TLS;
    this.#emit();
    if (answer === YES_TLS) this.#connection.handOver('ssl');
  }

  #authentication(message: Uint8Array): boolean {
    const way = message.length < 9 ? LAST_WAY + 1 : uint32(message, 5);
    if (way > LAST_WAY) return this.#break();
    this.#confirm();
    const row = this.#record();
    if (way === 0) {
      row.backend = 'auth_ok';
      row.success = true;
    } else {
      row.backend = row.backend === undefined ? 'auth_request' : `${row.backend},auth_request`;
      add(row, wayName(way));
    }
    return true;
  }

  #error(message: Uint8Array): boolean {
    this.#confirm();
    const row = this.#record();
    row.backend = row.backend === undefined ? 'error' : `${row.backend},error`;
    add(row, readParts(message, 5));
    row.success = false;
    this.#emit();
    return true;
  }

  /** The server waits for the next query: the last one is over. */
  #ready(message: Uint8Array): boolean {
    const status = latin1Text(message, 5, 6);
    if (!'ITE'.includes(status) || status === '') return this.#break();
    const row = this.#row;
    if (!row) return true;
    row.success ??= status !== 'E';
    if (this.#rows !== undefined) row.rows = this.#rows;
    this.#rows = undefined;
    this.#emit();
    return true;
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
  }

  #record(): Postgresql {
    this.#row ??= { kind: 'postgresql', ...headOf(this.#connection) };
    return this.#row;
  }

  #emit(): void {
    if (this.#row) this.#connection.emit({ ...this.#row, ...this.#who });
    this.#row = undefined;
  }

  #break(): boolean {
    this.#isBroken = true;
    return false;
  }
}

/** Arguments of a row grow with what the server says; a talkative one is cut off. */
const MOST_ARGUMENTS = 16_384;

function add(row: Postgresql, argument: string): void {
  const known = row.backend_arg;
  if (known === undefined) row.backend_arg = argument;
  else if (known.length < MOST_ARGUMENTS) row.backend_arg = `${known},${argument}`;
}

/** A letter and a length that counts itself but not the letter. */
function typedLength(bytes: Uint8Array, at: number): number {
  const length = uint32(bytes, at + 1);
  return length < 4 ? -1 : length + 1;
}

export const postgresql: Dissector = {
  name: 'postgresql',
  transports: ['tcp'],
  ports: [5432],
  begins: (first) => first === 0,
  // The client speaks first: a length, then a magic number, or the version and pairs with the user among them.
  probe(bytes, fromOriginator) {
    if (!fromOriginator || bytes[0] !== 0) return 0;
    if (bytes.length < 8) return bytes.length < 4 || uint32(bytes, 0) <= LONGEST_STARTUP ? -1 : 0;
    const [length, code] = [uint32(bytes, 0), uint32(bytes, 4)];
    if (code === TLS_REQUEST || code === GSSAPI_REQUEST) return length === 8 ? 1 : 0;
    if (code >> 16 !== MAJOR || length < 9 || length > LONGEST_STARTUP) return 0;
    return latin1Text(bytes, 8, Math.min(bytes.length, 300)).includes('user\0') ? 1 : 0;
  },
  open: (connection) => new PostgresqlSession(connection),
};
