/** FTP: commands, replies, data connections announced, AUTH TLS. RFC 959, RFC 2228, RFC 4217; rows as Zeek's ftp.log. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText, latin1Text } from '../text.ts';
import { isKnownCommand } from './ftp/replies.ts';
import { FtpCommands } from './ftp/session.ts';
import { eachLine } from './lines.ts';

const MAX_LINE = 16_384;
const MAX_COMMAND = 100;
/** Lines of a client that are no commands before this is something else. */
const MAX_STRANGE = 3;

class FtpSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #commands: FtpCommands;
  /** Code of a reply that goes on in further lines. */
  #continued = 0;
  #auth = '';
  #sawReply = false;
  #sawCommand = false;
  #strange = 0;
  #isConfirmed = false;
  #isBroken = false;
  #isTls = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#commands = new FtpCommands(connection);
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = eachLine(bytes, MAX_LINE, (from, to) => {
      if (from < to && fromOriginator) this.#request(bytes, from, to);
      else if (from < to) this.#reply(bytes, from, to);
      return !this.#isBroken && !this.#isTls;
    });
    return this.#isBroken ? -1 : consumed;
  }

  /** Lines after a gap begin anew; a reply that was going on may be over. */
  gap(_length: number, fromOriginator: boolean): void {
    if (!fromOriginator) this.#continued = 0;
  }

  close(): void {
    if (this.#isConfirmed) this.#commands.flush();
  }

  #request(bytes: Uint8Array, from: number, to: number): void {
    const line = fieldText(bytes, from, to);
    const [, word = '', argument = ''] = /^\s*(\S*)\s*([\s\S]*)$/.exec(line)!;
    if (!/^[!-~]{3,}$/.test(word)) {
      this.#tellStrange('FTP_invalid_command');
      return;
    }
    if (word.length > MAX_COMMAND) {
      this.#tellStrange('FTP_max_command_length_exceeded', `${word.length} > ${MAX_COMMAND}`);
      return;
    }
    const command = word.toUpperCase();
    if (!this.#isConfirmed && !isKnownCommand(command)) {
      this.#isBroken = ++this.#strange >= MAX_STRANGE;
      return;
    }
    this.#sawCommand = true;
    if (this.#sawReply) this.#confirm();
    this.#commands.request(command, argument);
    if (command === 'AUTH') this.#auth = argument.toUpperCase();
  }

  #tellStrange(name: string, detail?: string): void {
    if (this.#isConfirmed) this.#connection.weird(name, detail, 'FTP');
    else this.#isBroken = ++this.#strange >= MAX_STRANGE;
  }

  #reply(bytes: Uint8Array, from: number, to: number): void {
    const digits = latin1Text(bytes, from, Math.min(to, from + 3));
    const code = /^\d{3}$/.test(digits) ? Number(digits) : 0;
    const next = bytes[from + 3];
    const isEnd = to - from === 3 || next === SPACE;
    if (this.#continued !== 0) {
      const isLast = code === this.#continued && next === SPACE && to - from > 3;
      if (isLast) this.#continued = 0;
      this.#commands.reply(isLast ? code : 0, textOf(bytes, isLast ? from + 3 : from, to), isLast);
    } else if (code < 100 || (!isEnd && next !== DASH)) {
      this.#isBroken = true;
      return;
    } else {
      if (!isEnd) this.#continued = code;
      this.#sawReply = true;
      if (this.#sawCommand) this.#confirm();
      this.#commands.reply(code, textOf(bytes, isEnd ? from + 3 : from + 4, to), isEnd);
    }
    if (code === 234 && this.#auth === 'TLS' && this.#continued === 0) this.#startTls();
  }

  #startTls(): void {
    this.#isTls = true;
    this.#connection.handOver('ssl');
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
  }
}

const SPACE = 32;
const DASH = 45;

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  fieldText(bytes, Math.min(from, to), to).trimStart();

const PORTS: readonly number[] = [21, 2121, 2811];
const OPENINGS = /^(?:USER|AUTH|FEAT|SYST|HOST) ?/i;

/** Greetings of FTP and SMTP begin with the same number: the words decide, then the port, then the client. */
function probeReply(line: string, destPort: number): number {
  if (/^331[ -]/.test(line)) return 0.8;
  if (!/^[12]20[ -]/.test(line)) return PORTS.includes(destPort) && /^[1-5]\d\d[ -]/.test(line) ? 0.5 : 0;
  if (/\bE?SMTP\b/i.test(line)) return 0;
  if (/ftp/i.test(line)) return 0.9;
  return PORTS.includes(destPort) ? 0.6 : -1;
}

/** POP3 and IRC know USER too, so that only AUTH TLS is certain. */
function probeRequest(line: string, destPort: number): number {
  if (/^AUTH (?:TLS|SSL|GSSAPI)\r?\n/i.test(line)) return 0.7;
  if (PORTS.includes(destPort))
    return isKnownCommand(/^[a-z]{3,4}/i.exec(line)?.[0].toUpperCase() ?? '') ? 0.5 : 0;
  return OPENINGS.test(line) ? -1 : 0;
}

/** The first digit of a reply, the first letter of a command. */
const begins = (first: number): boolean =>
  (first >= 49 && first <= 53) || ((first | 32) >= 97 && (first | 32) <= 122);

export const ftp: Dissector = {
  name: 'ftp',
  transports: ['tcp'],
  ports: PORTS,
  begins,
  probe(bytes, fromOriginator, destPort) {
    const line = latin1Text(bytes, 0, Math.min(bytes.length, 512));
    if (line.length < 4) return bytes.length === 0 || begins(bytes[0]!) ? -1 : 0;
    return fromOriginator ? probeRequest(line, destPort) : probeReply(line, destPort);
  },
  open: (connection) => new FtpSession(connection),
};
