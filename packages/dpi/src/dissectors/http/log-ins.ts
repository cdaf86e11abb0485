/** Log-ins by NTLM and Kerberos within header fields. RFC 4559 §4, RFC 9110 §11. */
import type { Connection } from '../../dissector.ts';
import { Authentication } from '../authentication.ts';

/** Schemes whose values are tokens, and characters of the longest token that is looked at. */
const TOKEN = /^\s*(?:NTLM|Negotiate)\s+([A-Za-z0-9+/=]+)/i;
const LONGEST = 65_536;

const UNAUTHORIZED = 401;
const PROXY_UNAUTHORIZED = 407;

export class HttpLogIns {
  readonly #connection: Connection;
  #authentication: Authentication | undefined;
  /** Credentials were shown, and no reply told yet whether they were taken. */
  #isAsked = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Takes the value of `Authorization` or `Proxy-Authorization`; false if it is of another scheme. */
  shown(value: string): boolean {
    this.#isAsked = this.#token(value);
    return this.#isAsked;
  }

  /** Takes the value of `WWW-Authenticate` or `Proxy-Authenticate`. */
  answered(value: string): void {
    if (this.#isAsked) this.#token(value);
  }

  /** Takes the status of a final reply. */
  outcome(status: number | undefined): void {
    if (!this.#isAsked || status === undefined) return;
    this.#isAsked = false;
    this.#authentication?.outcome(status !== UNAUTHORIZED && status !== PROXY_UNAUTHORIZED);
  }

  close(): void {
    this.#authentication?.close();
  }

  #token(value: string): boolean {
    const encoded = TOKEN.exec(value)?.[1];
    if (encoded === undefined || encoded.length > LONGEST) return false;
    this.#authentication ??= new Authentication(this.#connection);
    return this.#authentication.token(Buffer.from(encoded, 'base64'));
  }
}
