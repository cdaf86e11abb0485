/** IRC: who clients are, the channels they join, files they are offered (DCC), STARTTLS. RFC 1459, RFC 2812; rows as Zeek's irc.log. */
import { formatV4, type Irc } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText, latin1Text } from '../text.ts';
import type { Transfer } from './ftp/data.ts';
import { eachLine } from './lines.ts';

/** RFC 2812 §2.3 allows 512 bytes, IRCv3 8,191 more for tags. */
const MAX_LINE = 8_704;
/** Channels that one command joins at most. */
const MAX_CHANNELS = 64;
/** Lines that are none of IRC before this is something else. */
const MAX_STRANGE = 5;
const RPL_STARTTLS = '670';
/** What clients begin with. */
const GREETINGS: ReadonlySet<string> = new Set(['NICK', 'USER', 'PASS', 'CAP', 'STARTTLS', 'JOIN']);

/** A line taken apart: RFC 2812 §2.3.1, after tags. */
interface Line {
  readonly command: string;
  readonly parameters: readonly string[];
}

function parseLine(text: string): Line | undefined {
  const parts = /^(?:@\S+ +)?(?::\S+ +)?([A-Za-z]+|\d{3})(?: +(.*))?$/s.exec(text);
  if (!parts) return undefined;
  const rest = parts[2] ?? '';
  const colon = rest.startsWith(':') ? 0 : rest.indexOf(' :') + 1;
  const isTrailing = rest.startsWith(':') || colon > 0;
  const middle = isTrailing ? rest.slice(0, colon) : rest;
  const parameters = middle.split(' ').filter((parameter) => parameter !== '');
  if (isTrailing) parameters.push(rest.slice(colon + 1));
  return { command: parts[1]!.toUpperCase(), parameters };
}

class IrcSession implements Session {
  done = false;
  readonly #connection: Connection;
  #nick: string | undefined;
  #user: string | undefined;
  /** What the last command set; a file offered later is told with it. */
  #value: string | undefined;
  #addl: string | undefined;
  #sawClient = false;
  #sawServer = false;
  #isConfirmed = false;
  #strange = 0;
  #isTls = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = eachLine(bytes, MAX_LINE, (from, to) => {
      if (to > from) this.#line(fieldText(bytes, from, to), fromOriginator);
      return !this.done && !this.#isTls;
    });
    return this.done && !this.#isConfirmed ? -1 : consumed;
  }

  gap(): void {}

  #line(text: string, fromOriginator: boolean): void {
    const line = parseLine(text);
    if (!line) {
      this.done = ++this.#strange >= MAX_STRANGE;
      return;
    }
    if (fromOriginator) this.#client(line);
    else this.#server(line);
    if (line.command === 'PRIVMSG') this.#message(line.parameters[1] ?? '');
    if (!this.#isConfirmed && this.#sawClient && this.#sawServer) {
      this.#isConfirmed = true;
      this.#connection.confirm();
    }
  }

  #server({ command }: Line): void {
    this.#sawServer = true;
    if (command !== RPL_STARTTLS) return;
    this.#isTls = true;
    this.#connection.handOver('ssl');
  }

  #client({ command, parameters }: Line): void {
    this.#sawClient ||= GREETINGS.has(command);
    const [first] = parameters;
    if (first === undefined) return;
    if (command === 'NICK') {
      this.#emit(command, first, this.#addl);
      this.#nick = first;
    } else if (command === 'USER') {
      this.#emit(command, first, parameters.slice(1).join(' '));
      this.#user = first;
    } else if (command === 'JOIN') this.#join(first, parameters[1]);
  }

  #join(channels: string, keys: string | undefined): void {
    const keyOf = keys?.split(',') ?? [];
    for (const [i, channel] of channels.split(',').slice(0, MAX_CHANNELS).entries()) {
      if (channel === '') continue;
      this.#emit('JOIN', channel, keyOf[i] ? ` with channel key: '${keyOf[i]}'` : '');
    }
  }

  /** A file that is offered: `DCC SEND name address port size` between bytes of value 1. */
  #message(text: string): void {
    if (text.charCodeAt(0) !== 1) return;
    const parts = /^DCC SEND ("[^"]+"|\S+) (\d{1,10}) (\d{1,5})(?: (\d{1,15}))?/.exec(text.slice(1));
    if (!parts) return;
    const [ip, port] = [Number(parts[2]), Number(parts[3])];
    if (ip > 0xffff_ffff || port === 0 || port > 65_535) return;
    const row = this.#row('DCC');
    row.dcc_file_name = parts[1]!.replaceAll('"', '');
    if (parts[4] !== undefined) row.dcc_file_size = Number(parts[4]);
    const connection = this.#connection;
    connection.expect({
      dissector: 'irc-dcc-data',
      proto: 'tcp',
      dest_ip: formatV4(Uint8Array.of(ip >>> 24, ip >>> 16, ip >>> 8, ip), 0),
      dest_port: port,
      context: ({ fuid, mimeType, isTold }: Transfer): void => {
        if (!isTold) return;
        connection.emit({ ...row, fuid, dcc_mime_type: mimeType });
      },
    });
  }

  #emit(command: string, value: string, addl: string | undefined): void {
    this.#value = value;
    this.#addl = addl;
    this.#connection.emit(this.#row(command));
  }

  #row(command: string): Irc {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    return {
      kind: 'irc',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      nick: this.#nick,
      user: this.#user,
      command,
      value: this.#value,
      addl: this.#addl,
    };
  }
}

const CLIENT =
  /^(?:PASS [^\r\n]*\r?\n)?(?:NICK [^\s:]{1,64}\r?\n|USER \S+ \S+ \S+ :|CAP (?:LS|REQ|END)\b|STARTTLS\r?\n)/i;
const SERVER = /^:[!-~]{1,255} (?:\d{3}|NOTICE) /;

/** A line of a client begins with a letter, one of a server with its name behind a colon. */
const begins = (first: number): boolean => first === 58 || /[PNUCS]/i.test(String.fromCharCode(first));

export const irc: Dissector = {
  name: 'irc',
  transports: ['tcp'],
  ports: [6666, 6667, 6668, 6669],
  begins,
  probe(bytes, fromOriginator) {
    if (bytes.length > 0 && !begins(bytes[0]!)) return 0;
    const text = latin1Text(bytes, 0, Math.min(bytes.length, 600));
    if ((fromOriginator ? CLIENT : SERVER).test(text)) return 0.8;
    return text.length < 5 ? -1 : 0;
  },
  open: (connection) => new IrcSession(connection),
};
