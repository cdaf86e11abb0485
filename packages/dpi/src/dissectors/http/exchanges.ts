/** Requests and their replies as rows, in order, also where one side is missing. What makes a row is as in Zeek's http.log. */
import type { Http } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import type { Files } from './files.ts';
import { type HeaderLine, PROXY_HEADERS } from './headers.ts';
import { HttpLogIns } from './log-ins.ts';
import type { RequestLine, StatusLine } from './start-line.ts';

/** Requests that wait for a reply; when there are more, all are written. */
const MAX_PENDING = 100;
const MAX_PROXIED = 16;

/** Methods that raise no eyebrows: RFC 9110, PATCH, WebDAV and its kin, QUERY. */
const METHODS: ReadonlySet<string> = new Set(
  'GET POST HEAD OPTIONS PUT DELETE TRACE CONNECT PATCH QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK POLL REPORT SUBSCRIBE BMOVE SEARCH'.split(
    ' ',
  ),
);

const isInformational = (code: number | undefined): boolean =>
  code !== undefined && code >= 100 && code < 200;

export class Exchanges {
  readonly #connection: Connection;
  readonly #logIns: HttpLogIns;
  readonly #pending = new Map<number, Http>();
  #request = 0;
  #reply = 0;
  #depth = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#logIns = new HttpLogIns(connection);
  }

  request({ method, uri, variables }: RequestLine): void {
    if (this.#request < this.#reply) {
      this.#connection.weird('HTTP_response_before_request');
      this.#request = this.#reply;
    }
    if (this.#pending.size > MAX_PENDING) {
      this.#connection.weird('HTTP_excessive_pipelining', `${this.#pending.size} > ${MAX_PENDING}`);
      this.flush();
      this.#reply = this.#request;
    }
    const row = this.#row(++this.#request);
    row.method = method;
    row.uri = uri;
    if (variables && this.#connection.wantsOwn) row.uri_vars = variables;
    if (!METHODS.has(method)) this.#connection.weird('unknown_HTTP_method', method);
  }

  reply({ version, code, reason }: StatusLine): void {
    const current = this.#pending.get(this.#reply);
    const isFollowing =
      current !== undefined && (current.status_code === undefined || isInformational(current.status_code));
    const row = this.#row(isFollowing ? this.#reply : ++this.#reply);
    row.status_code = code;
    row.status_msg = reason ?? '<empty>';
    row.version = version;
    if (!isInformational(code)) return;
    row.info_code = code;
    row.info_msg = row.status_msg;
  }

  /** The row of the request that the current reply answers. */
  get replied(): Http | undefined {
    return this.#pending.get(this.#reply);
  }

  /** Method of the request that the current reply answers. */
  get repliedMethod(): string | undefined {
    return this.#pending.get(this.#reply)?.method;
  }

  /** What the current reply answers for, as host and target. */
  get repliedUrl(): string {
    const row = this.#pending.get(this.#reply);
    return `${row?.host ?? this.#connection.dest_ip}${row?.uri ?? ''}`;
  }

  requestHeader(line: HeaderLine): void {
    const row = this.#pending.get(this.#request);
    if (!row) return;
    switch (line.name) {
      case 'host':
        row.host = line.value;
        break;
      case 'referer':
        row.referrer = line.value;
        break;
      case 'origin':
        row.origin = line.value;
        break;
      case 'user-agent':
        row.user_agent = line.value;
        break;
      case 'authorization':
      case 'proxy-authorization':
        if (!this.#logIns.shown(line.value)) row.username = basicUser(line.value) ?? row.username;
        break;
      default:
        if (line.name && PROXY_HEADERS.has(line.name))
          addProxied(row, `${line.name.toUpperCase()} -> ${line.value}`);
    }
  }

  replyHeader(line: HeaderLine): void {
    if (line.name === 'www-authenticate' || line.name === 'proxy-authenticate')
      this.#logIns.answered(line.value);
    else if (line.name === 'server' && this.#connection.wantsOwn) {
      const row = this.replied;
      if (row) row.server = line.value;
    }
  }

  requestDone(length: number, files: Files | undefined): void {
    const row = this.#pending.get(this.#request);
    if (!row) return; // the reply was over before the request
    row.request_body_len = length;
    if (!files || files.ids.length === 0) return;
    row.orig_fuids = files.ids;
    if (files.names.length > 0) row.orig_filenames = files.names;
    if (files.types.length > 0) row.orig_mime_types = files.types;
  }

  /** `isFinal` writes the row even if a further reply could come: the connection goes on in another protocol. */
  replyDone(length: number, files: Files | undefined, isFinal: boolean): void {
    const row = this.#pending.get(this.#reply);
    if (!row || (isInformational(row.status_code) && !isFinal)) return;
    row.response_body_len = length;
    if (files && files.ids.length > 0) {
      row.resp_fuids = files.ids;
      if (files.names.length > 0) row.resp_filenames = files.names;
      if (files.types.length > 0) row.resp_mime_types = files.types;
    }
    this.#pending.delete(this.#reply);
    this.#connection.emit(row);
    this.#logIns.outcome(row.status_code);
  }

  /** Writes what waits. */
  flush(): void {
    for (const row of this.#pending.values()) this.#connection.emit(row);
    this.#pending.clear();
    this.#logIns.close();
  }

  #row(number: number): Http {
    const known = this.#pending.get(number);
    if (known) return known;
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const row: Http = {
      kind: 'http',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      trans_depth: ++this.#depth,
      request_body_len: 0,
      response_body_len: 0,
      tags: NO_TAGS,
    };
    this.#pending.set(number, row);
    return row;
  }
}

const NO_TAGS: readonly string[] = [];

function addProxied(row: Http, text: string): void {
  const list = row.proxied ?? [];
  if (list.length < MAX_PROXIED && !list.includes(text)) row.proxied = [...list, text];
}

/** The user of basic authentication, and nothing of the password. RFC 7617. */
function basicUser(value: string): string | undefined {
  if (value.slice(0, 6).toLowerCase() !== 'basic ') return undefined;
  const pair = Buffer.from(value.slice(6).trim(), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon > 0 ? pair.slice(0, colon) : undefined;
}
