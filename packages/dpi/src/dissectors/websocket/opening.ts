/** How a WebSocket is opened within HTTP: what both sides offer and choose, as one row. RFC 6455 §4; rows as Zeek's websocket.log. */
import { createHash } from 'node:crypto';
import type { Http, Websocket } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { headOf } from '../head.ts';
import type { HeaderName } from '../http/headers.ts';

/** What every server puts behind the key. RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const SOURCE = 'WebSocket';
/** Entries of a list; clients offer a handful. */
const MOST_ENTRIES = 32;

/** What a server has to answer to a key. */
export const acceptFor = (key: string): string =>
  createHash('sha1')
    .update(key + GUID)
    .digest('base64');

/** Entries of a list and of the lists before it. */
const extend = (list: readonly string[] | undefined, value: string): readonly string[] =>
  [...(list ?? []), ...value.split(/ *, */)].slice(0, MOST_ENTRIES);

/** Header fields of one request and its reply. */
export class WebSocketOpening {
  readonly #connection: Connection;
  #columns: Partial<Websocket> = {};
  #key: string | undefined;
  #accept: string | undefined;
  #isTouched = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Forgets what an earlier request said. */
  reset(): void {
    if (!this.#isTouched) return;
    this.#isTouched = false;
    this.#columns = {};
    this.#key = this.#accept = undefined;
  }

  requestHeader(name: HeaderName | undefined, value: string): void {
    const columns = this.#columns;
    this.#isTouched = true;
    if (name === 'sec-websocket-key') {
      if (this.#key !== undefined) this.#weird('websocket_multiple_key_headers');
      this.#key = value;
    } else if (name === 'sec-websocket-protocol')
      columns.client_protocols = extend(columns.client_protocols, value);
    else if (name === 'sec-websocket-extensions')
      columns.client_extensions = extend(columns.client_extensions, value);
  }

  replyHeader(name: HeaderName | undefined, value: string): void {
    const columns = this.#columns;
    this.#isTouched = true;
    if (name === 'sec-websocket-accept') {
      if (this.#accept !== undefined) this.#weird('websocket_multiple_accept_headers');
      this.#accept = value;
    } else if (name === 'sec-websocket-protocol') {
      if (columns.subprotocol !== undefined) this.#weird('websocket_multiple_protocol_headers');
      columns.subprotocol = value;
    } else if (name === 'sec-websocket-extensions')
      columns.server_extensions = extend(columns.server_extensions, value);
  }

  /** The server agreed: emits the row, with what the request asked for. */
  establish(request: Http | undefined): void {
    this.#check();
    const { host, uri, user_agent } = request ?? {};
    const head = headOf(this.#connection);
    this.#connection.emit({ kind: 'websocket', ...head, host, uri, user_agent, ...this.#columns });
    this.reset();
  }

  #check(): void {
    if (this.#key === undefined) this.#weird('websocket_missing_key_header');
    if (this.#accept === undefined) this.#weird('websocket_missing_accept_header');
    if (this.#key === undefined || this.#accept === undefined) return;
    const expected = acceptFor(this.#key);
    if (this.#accept !== expected)
      this.#weird('websocket_wrong_accept_header', `expected=${expected}, found=${this.#accept}`);
  }

  #weird(name: string, detail?: string): void {
    this.#connection.weird(name, detail, SOURCE);
  }
}
