/** The row of one message: envelope, header fields, replies. What makes a row, and when, is as in Zeek's smtp.log. */
import { canonicalAddress, type Smtp } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { Mail, type MailListener } from '../mime/mail.ts';
import { firstAddress, mailboxes, receivedFrom, splitAddresses } from './addresses.ts';

/** Recipients, and hosts on the way, that are listed. */
const MOST = 1_000;

type TextField = 'date' | 'from' | 'reply_to' | 'msg_id' | 'in_reply_to' | 'subject' | 'user_agent';

const TEXT_FIELDS: Readonly<Record<string, TextField>> = {
  date: 'date',
  from: 'from',
  'reply-to': 'reply_to',
  'message-id': 'msg_id',
  'in-reply-to': 'in_reply_to',
  subject: 'subject',
  'x-mailer': 'user_agent',
  'user-agent': 'user_agent',
  'x-user-agent': 'user_agent',
};

const union = (known: readonly string[] | undefined, added: readonly string[]): string[] =>
  [...new Set([...(known ?? []), ...added])].slice(0, MOST);

/** The messages of one connection: one row after the other. */
export class Messages implements MailListener {
  readonly #connection: Connection;
  #row: Smtp | undefined;
  #transferred = 0;
  #helo: string | undefined;
  /** The client did something that is worth a row. */
  #isActive = false;
  /** Parts of the current message, and of all of them. */
  #parts = 0;
  #depth = 0;
  #fuids: string[] = [];
  #path: string[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  helo(name: string): void {
    this.#helo = name;
    this.#current().helo = name;
  }

  from(argument: string): void {
    this.flush();
    const [mailbox] = mailboxes(argument);
    if (mailbox !== undefined) this.#current().mailfrom = mailbox;
    this.#isActive = true;
  }

  recipient(argument: string): void {
    const row = this.#current();
    row.rcptto = union(row.rcptto, mailboxes(argument));
    this.#isActive = true;
  }

  reply(code: number, text: string): void {
    this.#current().last_reply = `${code} ${text}`;
  }

  startTls(): void {
    this.#current().tls = true;
    this.#isActive = true;
  }

  /** The message was transferred, for better or worse. */
  done(): void {
    this.#transferred++;
    this.flush();
    this.#row = undefined;
  }

  /** Writes the row, if it says anything, and begins anew. */
  flush(): void {
    const row = this.#row;
    if (!row || !this.#isActive) return;
    this.#isActive = false;
    this.#row = undefined;
    row.fuids = this.#fuids;
    row.path = this.#path;
    this.#connection.emit(row);
  }

  /** A message whose content comes now. */
  open(isOrig: boolean): Mail {
    return new Mail(this.#connection, 'SMTP', isOrig, this);
  }

  begin(): number {
    this.#current();
    this.#parts++;
    return ++this.#depth;
  }

  file(id: string): void {
    this.#current();
    this.#fuids.push(id);
  }

  /** Only the header of the message itself counts, not those of its parts. */
  header(name: string, value: string): void {
    if (this.#parts > 1) return;
    const row = this.#current();
    const field = TEXT_FIELDS[name];
    if (field) row[field] = value;
    else if (name === 'to') row.to = union(row.to, splitAddresses(value));
    else if (name === 'cc') row.cc = union(row.cc, splitAddresses(value));
    else if (name === 'received') this.#received(row, value);
    else if (name === 'x-originating-ip') {
      const address = canonicalAddress(firstAddress(value) ?? '');
      if (address !== undefined) row.x_originating_ip = address;
    }
  }

  #received(row: Smtp, value: string): void {
    if (row.first_received !== undefined) row.second_received = row.first_received;
    row.first_received = value;
    const address = canonicalAddress(receivedFrom(value) ?? '');
    if (address === undefined || this.#path.at(-1) === address || this.#path.length >= MOST) return;
    this.#path.push(address);
  }

  #current(): Smtp {
    if (this.#row) return this.#row;
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const row: Smtp = {
      kind: 'smtp',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      trans_depth: this.#transferred + 1,
      tls: false,
    };
    if (this.#helo !== undefined) row.helo = this.#helo;
    this.#path = [dest_ip, source_ip];
    this.#fuids = [];
    this.#parts = 0;
    this.#row = row;
    return row;
  }
}
