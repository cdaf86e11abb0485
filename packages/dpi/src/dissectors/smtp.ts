/** SMTP: envelopes, messages and the files in them, chunks, STARTTLS. RFC 5321, RFC 3030, RFC 3207; rows as Zeek's smtp.log. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText, latin1Text } from '../text.ts';
import { eachLine } from './lines.ts';
import type { Mail } from './mime/mail.ts';
import { Messages } from './smtp/message.ts';

/** RFC 5321 §4.5.3.1.6 allows 1,000 bytes; longer lines are read in pieces. */
const MAX_LINE = 16_384;
/** Commands that wait for their replies. */
const MAX_PENDING = 256;
/** Transactions that make no sense before nothing more is read, as in Zeek. */
const MAX_INVALID = 25;

const EMPTY = new Uint8Array(0);
const LF = 10;
const CR = 13;

/** What the client is in the middle of. */
type Phase = 'commands' | 'data' | 'chunk' | 'auth' | 'lost';

const COMMANDS: ReadonlySet<string> = new Set(
  'EHLO HELO MAIL RCPT DATA BDAT QUIT RSET VRFY EXPN HELP NOOP SEND SOML SAML AUTH STARTTLS TURN X-ANONYMOUSTLS'.split(
    ' ',
  ),
);
/** What a reply answers where no command stands for it: the greeting, the end of a message, a part of a log-in. */
const GREETING = '>';
const END_OF_DATA = '.';
const AUTH_ANSWER = '**';

class SmtpSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #messages: Messages;
  #phase: Phase = 'commands';
  #mail: Mail | undefined;
  /** Commands without reply, oldest first. */
  #pending: string[] = [GREETING];
  #replied = '';
  /** Code of a reply that goes on in the next line. */
  #continued = 0;
  #chunkLeft = 0;
  #isLastChunk = false;
  #unended: Uint8Array = EMPTY;
  /** A last chunk was announced and not replied to. */
  #awaitsLast = false;
  #hasSender = false;
  #hasRecipient = false;
  #invalid = 0;
  #sawGreeting = false;
  #sawHello = false;
  #isConfirmed = false;
  /** The server agreed to TLS: what follows its reply is for another dissector. */
  #isTls = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#messages = new Messages(connection);
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = fromOriginator ? this.#client(bytes) : this.#server(bytes);
    return this.done && !this.#isConfirmed ? -1 : consumed;
  }

  gap(length: number, fromOriginator: boolean): void {
    if (fromOriginator && this.#phase === 'chunk' && length <= this.#chunkLeft) {
      this.#flushUnended();
      this.#mail?.gap(length);
      this.#chunkLeft -= length;
      if (this.#chunkLeft === 0) this.#endChunk();
      return;
    }
    if (fromOriginator) this.#mail?.gap(length);
    this.#endMail();
    this.#pending = [];
    this.#phase = 'lost';
  }

  end(fromOriginator: boolean): void {
    if (fromOriginator) this.#endMail();
  }

  close(): void {
    this.#endMail();
    this.#messages.flush();
  }

  #client(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.done) {
      const rest = bytes.subarray(at);
      const wasChunk = this.#phase === 'chunk';
      const used = wasChunk ? this.#chunk(rest) : this.#lines(rest);
      at += used;
      if (used === 0 || (!wasChunk && this.#phase !== 'chunk')) break;
    }
    return at;
  }

  /** Reads lines until a chunk begins. */
  #lines(bytes: Uint8Array): number {
    return eachLine(bytes, MAX_LINE, (from, to, next) => {
      if (this.#phase === 'data') this.#dataLine(bytes, from, to, bytes[next - 1] === LF);
      else this.#clientLine(bytes, from, to);
      return !this.done && this.#phase !== 'chunk';
    });
  }

  #dataLine(bytes: Uint8Array, from: number, to: number, hasEnd: boolean): void {
    const isDot = bytes[from] === 46;
    if (isDot && to - from === 1) {
      this.#await(END_OF_DATA);
      this.#endMail();
      this.#hasSender = this.#hasRecipient = false;
      this.#phase = 'commands';
    } else this.#mail?.line(bytes, isDot ? from + 1 : from, to, hasEnd);
  }

  #clientLine(bytes: Uint8Array, from: number, to: number): void {
    if (this.#phase === 'lost') return; // a command or content: the next reply tells
    if (this.#phase === 'auth') {
      this.#await(AUTH_ANSWER);
      return;
    }
    const line = fieldText(bytes, from, to);
    const [, word = '', argument = ''] = /^\s*(\S*)\s*([\s\S]*)$/.exec(line)!;
    const command = word.toUpperCase();
    if (!COMMANDS.has(command)) {
      if (!this.#sawHello && !this.#isConfirmed) this.done = true;
      return;
    }
    this.#await(command);
    this.#command(command, argument);
  }

  #await(command: string): void {
    if (this.#pending.length < MAX_PENDING) this.#pending.push(command);
  }

  #command(command: string, argument: string): void {
    switch (command) {
      case 'EHLO':
      case 'HELO':
        this.#messages.helo(argument);
        this.#sawHello = true;
        if (this.#sawGreeting) this.#confirm();
        break;
      case 'MAIL':
        if (!/^from:/i.test(argument)) break;
        if (this.#sawHello) this.#confirm();
        this.#messages.from(argument);
        this.#hasSender = true;
        this.#hasRecipient = false;
        break;
      case 'RCPT':
        if (!/^to:/i.test(argument)) break;
        this.#messages.recipient(argument);
        this.#hasRecipient = true;
        if (!this.#hasSender) this.#tellInvalid('rcpt to missing mail from');
        break;
      case 'DATA':
        if (!this.#hasRecipient) this.#tellInvalid('data missing rcpt to');
        this.#mail = this.#messages.open(true);
        this.#phase = 'data';
        break;
      case 'BDAT':
        if (!this.#hasRecipient) this.#tellInvalid('data missing rcpt to');
        this.#beginChunk(argument);
        break;
    }
  }

  #tellInvalid(detail: string): void {
    this.#connection.weird('smtp_mail_transaction_invalid', detail, 'SMTP');
    if (++this.#invalid > MAX_INVALID) {
      this.#connection.weird('smtp_excessive_invalid_mail_transactions', undefined, 'SMTP');
      this.done = true;
    }
  }

  /** RFC 3030 §2: a length, and whether it is the last. What is neither is an error that the server tells of. */
  #beginChunk(argument: string): void {
    const parts = /^(\d{1,15})( LAST)?$/i.exec(argument);
    if (argument.endsWith(' LAST')) {
      this.#hasSender = this.#hasRecipient = false;
      this.#awaitsLast = true;
    }
    if (!parts) return;
    this.#mail ??= this.#messages.open(true);
    this.#chunkLeft = Number(parts[1]);
    this.#isLastChunk = parts[2] !== undefined;
    this.#phase = 'chunk';
    if (this.#chunkLeft === 0) this.#endChunk();
  }

  /** Takes bytes of a chunk. A line may go on in the next chunk, so what has no end waits. */
  #chunk(bytes: Uint8Array): number {
    const size = Math.min(bytes.length, this.#chunkLeft);
    const fresh = bytes.subarray(0, size);
    const view = this.#unended.length > 0 ? Buffer.concat([this.#unended, fresh]) : fresh;
    const used = eachLine(view, MAX_LINE, (from, to, next) => {
      const isEnded = view[next - 1] === LF && view[next - 2] === CR;
      this.#mail?.line(view, from, isEnded ? to : next, isEnded);
      return true;
    });
    this.#unended = view.slice(used);
    this.#chunkLeft -= size;
    if (this.#chunkLeft === 0) this.#endChunk();
    return size;
  }

  #endChunk(): void {
    this.#phase = 'commands';
    if (this.#isLastChunk) this.#endMail();
  }

  /** Content whose line did not end. */
  #flushUnended(): void {
    if (this.#unended.length > 0) this.#mail?.line(this.#unended, 0, this.#unended.length, false);
    this.#unended = EMPTY;
  }

  #endMail(): void {
    this.#flushUnended();
    this.#mail?.end();
    this.#mail = undefined;
  }

  #server(bytes: Uint8Array): number {
    return eachLine(bytes, MAX_LINE, (from, to) => {
      this.#serverLine(bytes, from, to);
      if (this.#isTls && this.#continued === 0) this.#connection.handOver('ssl');
      return !this.done && !this.#isTls;
    });
  }

  #serverLine(bytes: Uint8Array, from: number, to: number): void {
    const code = Number.parseInt(latin1Text(bytes, from, Math.min(to, from + 3)), 10);
    if (!(code >= 100 && code <= 599) || to - from < 3) {
      if (!this.#isConfirmed) this.done = true;
      return;
    }
    if (this.#continued !== code) this.#reply(code);
    const isContinued = bytes[from + 3] === 45 && to - from > 3;
    this.#continued = isContinued ? code : 0;
    this.#messages.reply(code, fieldText(bytes, Math.min(to, from + (isContinued ? 4 : 3)), to).trimStart());
    const isLast = this.#replied === 'BDAT' && this.#awaitsLast && !isContinued;
    if (this.#replied !== END_OF_DATA && !isLast) return;
    if (isLast) this.#awaitsLast = false;
    this.#messages.done();
  }

  /** The first line of a reply: what it means for what the client does. */
  #reply(code: number): void {
    const command = this.#pending.shift() ?? '';
    this.#replied = command;
    if (this.#phase === 'lost') this.#phase = 'commands';
    if (command === GREETING) {
      this.#sawGreeting = code === 220;
      if (this.#sawHello) this.#confirm();
    } else if (command === 'DATA' && code !== 354 && this.#phase === 'data') {
      this.#endMail();
      this.#phase = 'commands';
    } else if (command === 'AUTH' || command === AUTH_ANSWER) {
      this.#phase = code === 334 ? 'auth' : 'commands';
    } else if ((command === 'STARTTLS' || command === 'X-ANONYMOUSTLS') && code === 220) {
      this.#messages.startTls();
      this.#isTls = true;
    }
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
  }
}

const PORTS: readonly number[] = [25, 587, 465, 2525];
const HELLO = /^(?:EHLO|HELO|LHLO) /i;

/** Greetings of SMTP and FTP begin with the same number: the words decide, then the port, then the client. */
function probeGreeting(bytes: Uint8Array, destPort: number): number {
  if (bytes.length < 4) return -1;
  const line = latin1Text(bytes, 0, Math.min(bytes.length, 512));
  if (!/^220[ -]/.test(line)) return 0;
  if (/\bE?SMTP\b/i.test(line)) return 0.9;
  if (/ftp/i.test(line) || destPort === 21) return 0;
  return PORTS.includes(destPort) ? 0.6 : -1;
}

const FIRST = new Set(Array.from('EHLehl2', (c) => c.charCodeAt(0)));

export const smtp: Dissector = {
  name: 'smtp',
  transports: ['tcp'],
  ports: PORTS,
  begins: (first) => FIRST.has(first),
  probe(bytes, fromOriginator, destPort) {
    if (bytes[0] === 50) return fromOriginator ? 0 : probeGreeting(bytes, destPort);
    if (!fromOriginator) return 0;
    const text = latin1Text(bytes, 0, Math.min(bytes.length, 5));
    if (text.length < 5) return 'EHLO HELO LHLO'.includes(text.toUpperCase()) ? -1 : 0;
    return HELLO.test(text) ? 0.9 : 0;
  },
  open: (connection) => new SmtpSession(connection),
};
