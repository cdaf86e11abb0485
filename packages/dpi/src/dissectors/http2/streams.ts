/** Requests and replies of HTTP/2 as http records, one for each stream. RFC 9113 §8. */
import type { Http } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { headOf } from '../head.ts';
import type { Field } from './hpack.ts';

/** Streams that wait for their end; the oldest is told as it stands when there are more. */
const MOST_STREAMS = 256;

const NO_TAGS: readonly string[] = [];

/** Columns by header field; the first value counts. */
const REQUEST: Readonly<Record<string, 'method' | 'host' | 'uri' | 'referrer' | 'user_agent' | 'origin'>> = {
  ':method': 'method',
  ':authority': 'host',
  ':path': 'uri',
  host: 'host',
  referer: 'referrer',
  'user-agent': 'user_agent',
  origin: 'origin',
};

export class Http2Streams {
  readonly #connection: Connection;
  readonly #rows = new Map<number, Http>();
  #depth = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The headers of a request; trailers are of no interest. */
  request(stream: number, fields: readonly Field[]): void {
    if (this.#rows.has(stream)) return;
    if (this.#rows.size >= MOST_STREAMS) this.end(this.#rows.keys().next().value!);
    const row: Http = {
      kind: 'http',
      ...headOf(this.#connection),
      trans_depth: ++this.#depth,
      version: '2',
      request_body_len: 0,
      response_body_len: 0,
      tags: NO_TAGS,
    };
    for (const [name, value] of fields) {
      const column = REQUEST[name];
      if (column) row[column] ??= value;
    }
    this.#rows.set(stream, row);
  }

  reply(stream: number, fields: readonly Field[]): void {
    const row = this.#rows.get(stream);
    const status = Number(fields.find(([name]) => name === ':status')?.[1]);
    if (!row || !Number.isInteger(status)) return;
    if (status < 200) row.info_code = status;
    else row.status_code = status;
  }

  data(stream: number, length: number, fromClient: boolean): void {
    const row = this.#rows.get(stream);
    if (!row) return;
    if (fromClient) row.request_body_len += length;
    else row.response_body_len += length;
  }

  /** The reply is over, or the stream was reset. */
  end(stream: number): void {
    const row = this.#rows.get(stream);
    if (row) this.#connection.emit(row);
    this.#rows.delete(stream);
  }

  close(): void {
    for (const stream of [...this.#rows.keys()]) this.end(stream);
  }
}
