/** Syslog over UDP and TCP, framed by length or by line. RFC 3164, RFC 5424 §6.2.1, RFC 6587 §3.4; rows as Zeek's syslog.log. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText } from '../text.ts';
import { headOf } from './head.ts';

const PORT = 514;
/** Bytes of a message over TCP; RFC 5425 asks receivers for 8,192. */
const MAX_MESSAGE = 65_536;
const MOST_DIGITS = 5;
/** Digits of the longest priority, with its brackets. */
const MOST_PRIORITY = 5;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const LESS = 0x3c;
const GREATER = 0x3e;

const FACILITIES =
  'KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP NTP AUDIT ALERT CLOCK LOCAL0 LOCAL1 LOCAL2 LOCAL3 LOCAL4 LOCAL5 LOCAL6 LOCAL7'.split(
    ' ',
  );
const SEVERITIES = 'EMERG ALERT CRIT ERR WARNING NOTICE INFO DEBUG'.split(' ');
const UNSPECIFIED = 'UNSPECIFIED';

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Where the digits from `at` on end, at most `most` of them. */
function skipDigits(bytes: Uint8Array, at: number, most: number): number {
  let end = at;
  while (end < bytes.length && end - at < most && isDigit(bytes[end])) end++;
  return end;
}

/** The number that the digits from `at` up to `to` write. */
function numberOf(bytes: Uint8Array, at: number, to: number): number {
  let value = 0;
  for (let i = at; i < to; i++) value = value * 10 + bytes[i]! - 0x30;
  return value;
}

/** Where the priority `<N>` at `at` ends; -1 if there is none. */
function priorityEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== LESS) return -1;
  const end = skipDigits(bytes, at + 1, MOST_PRIORITY - 2);
  return end > at + 1 && bytes[end] === GREATER ? end + 1 : -1;
}

/** What `countedAt` says where there is no message, or where there are too few bytes to tell. */
const NONE = -1;
const TOO_FEW = -2;

/** Where a message begins that has its length before it. */
function countedAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x30) return NONE;
  const end = skipDigits(bytes, at, MOST_DIGITS);
  if (end === bytes.length) return TOO_FEW;
  return end > at && bytes[end] === SPACE ? end + 1 : NONE;
}

class MessageSession implements Session {
  readonly #connection: Connection;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, _fromOriginator: boolean): number {
    this.message(bytes, 0, bytes.length);
    return bytes.length;
  }

  message(bytes: Uint8Array, from: number, to: number): void {
    const text = priorityEnd(bytes, from);
    const priority = text < 0 ? -1 : numberOf(bytes, from + 1, text - 1);
    if (priority >= 0 && !this.#isConfirmed) {
      this.#connection.confirm();
      this.#isConfirmed = true;
    }
    this.#connection.emit({
      kind: 'syslog',
      ...headOf(this.#connection),
      proto: this.#connection.proto,
      facility: priority < 0 ? UNSPECIFIED : (FACILITIES[priority >> 3] ?? `?-${priority >> 3}`),
      severity: priority < 0 ? UNSPECIFIED : SEVERITIES[priority & 7]!,
      message: fieldText(bytes, text < 0 ? from : text, to),
    });
  }
}

class StreamSession extends MessageSession {
  override feed(bytes: Uint8Array, fromOriginator: boolean): number {
    if (!fromOriginator) return bytes.length;
    for (let at = 0; ; ) {
      const isLine = bytes[at] === LESS;
      const from = isLine ? at : countedAt(bytes, at);
      if (from === NONE) return -1;
      const end = isLine ? bytes.indexOf(LINE_FEED, at) : from + numberOf(bytes, at, from - 1);
      if (from === TOO_FEW || end < 0 || end > bytes.length) return bytes.length - at > MAX_MESSAGE ? -1 : at;
      if (priorityEnd(bytes, from) < 0) return -1;
      this.message(bytes, from, end);
      at = isLine ? end + 1 : end;
    }
  }
}

/** How sure the priority at `at` makes us. */
function likelihood(bytes: Uint8Array, at: number): number {
  const end = priorityEnd(bytes, at);
  if (end < 0) return 0;
  return numberOf(bytes, at + 1, end - 1) < FACILITIES.length * SEVERITIES.length ? 0.8 : 0.3;
}

export const syslog: Dissector = {
  name: 'syslog',
  transports: ['udp'],
  ports: [PORT],
  // What old devices send has no priority; then nothing but the port tells it from any other text.
  probe: (bytes, _, destPort) => likelihood(bytes, 0) || (destPort === PORT && bytes.length > 0 ? 0.3 : 0),
  open: (connection) => new MessageSession(connection),
};

export const syslogTcp: Dissector = {
  name: 'syslog_tcp',
  transports: ['tcp'],
  ports: [PORT, 601],
  begins: (first) => first === LESS || (isDigit(first) && first !== 0x30),
  probe(bytes, fromOriginator) {
    if (!fromOriginator) return 0;
    const at = bytes[0] === LESS ? 0 : countedAt(bytes, 0);
    if (at < 0) return at === TOO_FEW ? -1 : 0;
    return likelihood(bytes, at);
  },
  open: (connection) => new StreamSession(connection),
};
