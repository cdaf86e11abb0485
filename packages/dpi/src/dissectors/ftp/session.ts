/** A session of FTP as rows: each command with the reply that answers it. What makes a row is as in Zeek's ftp.log. */
import type { Ftp } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { type Channel, parseExtended, parsePort } from './channels.ts';
import type { Transfer } from './data.ts';
import { quotedPath, resolvePath, urlOf } from './paths.ts';
import { answered, type Command } from './replies.ts';

/** Commands that have rows. */
const LOGGED: ReadonlySet<string> = new Set('APPE DELE RETR STOR STOU ACCT PORT PASV EPRT EPSV'.split(' '));
/** Commands whose argument is a path. */
const WITH_PATH: ReadonlySet<string> = new Set(
  'APPE CWD DELE MKD RETR RMD RNFR RNTO STOR STOU REST SIZE MDTM'.split(' '),
);
/** Users whose password means nothing. */
const GUESTS: ReadonlySet<string> = new Set(['anonymous', 'ftp', 'ftpuser', 'guest']);
const NOBODY = '<unknown>';
const HIDDEN = '<hidden>';
const MAX_PENDING = 20;
const MAX_NAME = 128;
const MAX_TEXT = 4_096;
/** A line inside a long reply that looks like a reply of its own. */
const REPLY_INSIDE = /^[1-9]\d\d [ -~]{10}/;

type DataColumns = Pick<
  Ftp,
  'data_channel_passive' | 'data_channel_orig_h' | 'data_channel_resp_h' | 'data_channel_resp_p'
>;

export class FtpCommands {
  readonly #connection: Connection;
  readonly #pending = new Set<Command>();
  #user = NOBODY;
  #last: Command | undefined;
  #hasRows = false;
  #password: string | undefined;
  #directory = '.';
  #answered: Command | undefined;
  #code: number | undefined;
  #text: string | undefined;
  #size: number | undefined;
  #channel: DataColumns | undefined;
  #transfer: Transfer = {};

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#add('<init>', '');
  }

  request(name: string, argument: string): void {
    const last = this.#answered;
    if (last && this.#code !== undefined && this.#pending.delete(last)) this.#write(last);
    this.#add(name, argument);
    if (name === 'USER') this.#user = argument.slice(0, MAX_NAME);
    else if (name === 'PASS') this.#password = argument.slice(0, MAX_NAME);
    else if (name === 'PORT') this.#expect(parsePort(argument), false);
    else if (name === 'EPRT') this.#expect(parseExtended(argument), false);
  }

  /** One line of a reply; `code` is 0 inside a long one, `isLast` false until its end. */
  reply(code: number, text: string, isLast: boolean): void {
    if (!isLast && code === 0 && this.#code !== undefined && !REPLY_INSIDE.test(text)) return;
    const command = answered(this.#pending, code, text);
    this.#answered = command;
    this.#code = code;
    this.#text = text;
    if (!isLast || !command) return;
    this.#learn(command, code, text);
    if (this.#pending.size > 1 && this.#pending.delete(command)) this.#write(command);
  }

  /** Writes what waits. A session of a user without any row has one for its last command: a log-in alone matters too. */
  flush(): void {
    const last = [...this.#pending].at(-1) ?? this.#last;
    const row = last && this.#user !== NOBODY ? this.#row(last) : undefined;
    for (const command of this.#pending) this.#write(command);
    this.#pending.clear();
    if (row && !this.#hasRows) this.#connection.emit(row);
  }

  #add(name: string, argument: string): void {
    if (this.#pending.size >= MAX_PENDING) {
      this.#connection.weird('FTP_too_many_pending_commands', String(this.#pending.size), 'FTP');
    } else this.#pending.add({ ts: this.#connection.ts, name, argument, isConsumed: false });
  }

  #learn(command: Command, code: number, text: string): void {
    const { name, argument } = command;
    if ((code === 150 && name === 'RETR') || (code === 213 && name === 'SIZE')) {
      this.#size = Number(text.match(/\d{1,15}/g)?.at(-1) ?? 0);
    } else if (code === 227 && name === 'PASV') this.#expect(parsePort(text), true);
    else if (code === 229 && name === 'EPSV') this.#expect(parseExtended(text), true);
    if (command.isConsumed) return;
    if (name === 'CWD' && code === 250) this.#move(command, argument);
    else if (name === 'CDUP' && (code === 200 || code === 250)) this.#move(command, '..');
    else if ((name === 'PWD' || name === 'XPWD') && code === 257) {
      const path = quotedPath(text);
      if (path !== undefined) this.#directory = path;
      command.isConsumed = true;
    }
  }

  #move(command: Command, path: string): void {
    this.#directory = resolvePath(this.#directory, path).slice(0, MAX_TEXT);
    command.isConsumed = true;
  }

  /** Announces a data connection. */
  #expect(channel: Channel | undefined, isPassive: boolean): void {
    if (!channel) return;
    const { source_ip, dest_ip } = this.#connection;
    const source = isPassive ? source_ip : dest_ip;
    const target = channel.ip ?? dest_ip;
    this.#channel = {
      data_channel_passive: isPassive,
      data_channel_orig_h: source,
      data_channel_resp_h: target,
      data_channel_resp_p: channel.port,
    };
    this.#connection.expect({
      dissector: 'ftp-data',
      proto: 'tcp',
      source_ip: source,
      dest_ip: target,
      dest_port: channel.port,
      context: this.#told,
    });
  }

  /** Hears from the data connection. */
  readonly #told = (transfer: Transfer): void => {
    this.#transfer = transfer;
  };

  #write(command: Command): void {
    this.#last = command;
    if (LOGGED.has(command.name)) {
      this.#hasRows = true;
      this.#connection.emit(this.#row(command));
    }
    if (command.name === 'PASS' && this.#hidesPassword) this.#password &&= HIDDEN;
    this.#size = this.#channel = undefined;
    this.#transfer = {};
  }

  get #hidesPassword(): boolean {
    return !GUESTS.has(this.#user.toLowerCase());
  }

  #argument({ name, argument }: Command): string | undefined {
    if (name === 'PASS' && this.#hidesPassword) return HIDDEN;
    if (!WITH_PATH.has(name)) return argument.slice(0, MAX_TEXT) || undefined;
    return urlOf(this.#connection.dest_ip, resolvePath(this.#directory, argument)).slice(0, MAX_TEXT);
  }

  #row(command: Command): Ftp {
    const { uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const password = this.#password !== undefined && this.#hidesPassword ? HIDDEN : this.#password;
    return {
      kind: 'ftp',
      ts: command.ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      user: this.#user,
      password,
      command: command.name,
      arg: this.#argument(command),
      mime_type: this.#transfer.mimeType,
      file_size: this.#size,
      reply_code: this.#code,
      reply_msg: this.#text?.slice(0, MAX_TEXT),
      ...this.#channel,
      fuid: this.#transfer.fuid,
    };
  }
}
