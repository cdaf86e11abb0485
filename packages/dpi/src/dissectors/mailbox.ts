/** POP3 and IMAP as far as their names go, and STARTTLS: what follows it is for another dissector. RFC 1939, RFC 2595, RFC 9051. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { latin1Text } from '../text.ts';
import { eachLine } from './lines.ts';

const MAX_LINE = 16_384;
/** As much of a line as is looked at. */
const LOOK = 128;
/** Lines of the server that are looked at before nothing more is expected. */
const MAX_LINES = 64;

/** What tells one of the two from the other. */
interface Language {
  readonly name: string;
  readonly ports: readonly number[];
  readonly greeting: RegExp;
  readonly command: RegExp;
  /** The command that asks for TLS; its first group, where it has one, begins the reply that agrees. */
  readonly startTls: RegExp;
  readonly agrees: (line: string, tag: string) => boolean;
}

const POP3: Language = {
  name: 'pop3',
  ports: [110, 995],
  greeting: /^\+OK\b/,
  command: /^(?:USER|APOP|AUTH|CAPA|STLS|QUIT|UTF8)\b/i,
  startTls: /^STLS\s*$/i,
  agrees: (line) => line.startsWith('+OK'),
};

const IMAP: Language = {
  name: 'imap',
  ports: [143, 993],
  greeting: /^\* (?:OK|PREAUTH)\b/,
  command: /^[!-~]{1,32} (?:CAPABILITY|LOGIN|AUTHENTICATE|STARTTLS|ID|NOOP|LOGOUT)\b/i,
  startTls: /^([!-~]{1,32}) STARTTLS\s*$/i,
  agrees: (line, tag) => line.startsWith(`${tag} OK`),
};

class MailboxSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #language: Language;
  #sawGreeting = false;
  #sawCommand = false;
  /** The tag of a command for TLS that waits for its reply; empty where there are no tags. */
  #tlsTag: string | undefined;
  #lines = 0;
  #isTls = false;

  constructor(connection: Connection, language: Language) {
    this.#connection = connection;
    this.#language = language;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let isOther = false;
    const consumed = eachLine(bytes, MAX_LINE, (from, to) => {
      const line = latin1Text(bytes, from, Math.min(to, from + LOOK));
      if (fromOriginator) isOther = !this.#client(line);
      else isOther = !this.#server(line);
      return !isOther && !this.done && !this.#isTls;
    });
    return isOther ? -1 : this.done ? bytes.length : consumed;
  }

  gap(): void {
    this.done = true;
  }

  /** False where the first command is none of the language. */
  #client(line: string): boolean {
    const { command, startTls } = this.#language;
    if (!this.#sawCommand && !command.test(line)) return false;
    this.#sawCommand = true;
    this.#confirm();
    const asked = startTls.exec(line);
    this.#tlsTag = asked ? (asked[1] ?? '') : undefined;
    return true;
  }

  #server(line: string): boolean {
    if (!this.#sawGreeting) {
      this.#sawGreeting = true;
      this.#confirm();
      return this.#language.greeting.test(line);
    }
    if (this.#tlsTag !== undefined && this.#language.agrees(line, this.#tlsTag)) {
      this.#isTls = true;
      this.#connection.handOver('ssl');
    } else if (++this.#lines >= MAX_LINES) this.done = true;
    return true;
  }

  #confirm(): void {
    if (this.#sawGreeting && this.#sawCommand) this.#connection.confirm();
  }
}

/** Printable, or a plus or star of a server. */
const isPrintable = (first: number): boolean => first > 32 && first < 127;

const speaking = (language: Language): Dissector => ({
  name: language.name,
  transports: ['tcp'],
  ports: language.ports,
  begins: isPrintable,
  probe(bytes, fromOriginator, destPort) {
    if (bytes.length > 0 && !isPrintable(bytes[0]!)) return 0;
    const line = latin1Text(bytes, 0, Math.min(bytes.length, LOOK));
    if (bytes.length < 4) return -1;
    if (!fromOriginator) return language.greeting.test(line) ? 0.8 : 0;
    return language.command.test(line) && language.ports.includes(destPort) ? 0.4 : 0;
  },
  open: (connection) => new MailboxSession(connection, language),
});

export const pop3: Dissector = speaking(POP3);
export const imap: Dissector = speaking(IMAP);
