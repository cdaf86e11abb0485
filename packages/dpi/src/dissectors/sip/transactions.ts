/** Requests and replies of one connection as rows: one for each reply with what was asked so far, as Zeek pairs them. */
import type { Sip } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { headOf } from '../head.ts';
import type { SipMessage } from './message.ts';

const METHODS: readonly string[] = [
  'REGISTER',
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'NOTIFY',
  'SUBSCRIBE',
  'INFO',
  'MESSAGE',
  'PRACK',
  'PUBLISH',
  'REFER',
  'UPDATE',
];
/** Hops that are kept of repeated messages. */
const MOST_HOPS = 64;
const FINAL = 200;

type Lists = { request_path: string[]; response_path: string[] };
type Row = Sip & Lists;

export class SipTransactions {
  readonly #connection: Connection;
  #row: Row | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  message(message: SipMessage): void {
    if (message.request) this.#request(message, message.request.method, message.request.uri);
    else if (message.reply) this.#reply(message, message.reply.status, message.reply.reason);
  }

  /** Writes what waits for a reply. */
  close(): void {
    if (this.#row) this.#connection.emit(this.#row);
    this.#row = undefined;
  }

  #request(message: SipMessage, method: string, uri: string): void {
    if (message.junk !== '') {
      this.#connection.weird('sip_junk_before_request', escaped(message.junk), 'SIP');
    }
    if (!METHODS.includes(method)) this.#connection.weird('unknown_SIP_method', method);
    const row = this.#current();
    row.method = method;
    row.uri = uri;
    for (const { name, value } of message.headers) this.#requestHeader(row, name, value);
  }

  #reply(message: SipMessage, status: number, reason: string): void {
    const row = this.#current();
    row.status_code = status;
    row.status_msg = reason;
    for (const { name, value } of message.headers) this.#replyHeader(row, name, value);
    this.#connection.emit({
      ...row,
      request_path: [...row.request_path],
      response_path: [...row.response_path],
    });
    if (status < 100 || status >= FINAL) this.#row = undefined;
  }

  #current(): Row {
    this.#row ??= {
      kind: 'sip',
      ...headOf(this.#connection),
      trans_depth: 0,
      request_path: [],
      response_path: [],
    };
    return this.#row;
  }

  #requestHeader(row: Row, name: string, value: string): void {
    switch (name) {
      case 'CALL-ID':
        row.call_id = value;
        break;
      case 'CONTENT-LENGTH':
        this.#length(value, 'invalid_SIP_request_body_len', (length) => {
          row.request_body_len = length;
        });
        break;
      case 'CSEQ':
        row.seq = value;
        break;
      case 'DATE':
        row.date = value;
        break;
      case 'FROM':
        row.request_from = withoutTag(value);
        break;
      case 'REPLY-TO':
        row.reply_to = value;
        break;
      case 'SUBJECT':
        row.subject = value;
        break;
      case 'TO':
        row.request_to = value;
        break;
      case 'USER-AGENT':
        row.user_agent = value;
        break;
      case 'VIA':
        if (row.request_path.length < MOST_HOPS) row.request_path.push(withoutBranch(value));
    }
  }

  #replyHeader(row: Row, name: string, value: string): void {
    switch (name) {
      case 'CONTENT-LENGTH':
        this.#length(value, 'invalid_SIP_response_body_len', (length) => {
          row.response_body_len = length;
        });
        break;
      case 'CONTENT-TYPE':
        row.content_type = value;
        break;
      case 'WARNING':
        row.warning = value;
        break;
      case 'FROM':
        row.response_from = withoutTag(value);
        break;
      case 'TO':
        row.response_to = value;
        break;
      case 'VIA':
        if (row.response_path.length < MOST_HOPS) row.response_path.push(withoutBranch(value));
    }
  }

  #length(value: string, weird: string, set: (length: number) => void): void {
    if (/^\d{1,15}$/.test(value.trim())) set(Number(value));
    else this.#connection.weird(weird, value);
  }
}

const withoutTag = (value: string): string => value.split(/; ?tag=/, 1)[0]!;
const withoutBranch = (value: string): string => value.split(/; ?branch/, 1)[0]!;

/** Bytes that do not print as `\xNN`. */
const escaped = (text: string): string =>
  text.replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
