/**
 * The log-ins that a protocol carries: give it the tokens of both sides as they come and, where the protocol tells one,
 * the outcome. Kerberos and NTLM become records of their own. RFC 4178, MS-NLMP, RFC 4120.
 */
import type { Connection } from '../dissector.ts';
import { ACCEPTED, REFUSED, readToken } from './gssapi.ts';
import { KerberosExchange } from './kerberos/exchange.ts';
import { NtlmExchange } from './ntlm/exchange.ts';
import { readNtlm } from './ntlm/message.ts';

export class Authentication {
  readonly #connection: Connection;
  #kerberos: KerberosExchange | undefined;
  #ntlm: NtlmExchange | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Takes the token of either side; false if it is none that is known. */
  token(bytes: Uint8Array): boolean {
    const token = bytes.length === 0 ? undefined : readToken(bytes);
    if (!token) return false;
    const { kerberos, ntlm, state, isWrapped } = token;
    const message = ntlm && readNtlm(ntlm);
    if (message) {
      this.#connection.confirm('ntlm');
      this.#ntlm ??= new NtlmExchange(this.#connection);
      this.#ntlm.message(message);
    }
    if (kerberos) {
      this.#connection.confirm('krb');
      this.#kerberos ??= new KerberosExchange(this.#connection);
      this.#kerberos.message(kerberos);
    }
    if (isWrapped) this.#connection.confirm('gssapi');
    if (state === ACCEPTED || state === REFUSED) this.#ntlm?.outcome(state === ACCEPTED);
    return true;
  }

  /** What the carrier says became of the log-in; the first word on it counts. */
  outcome(success: boolean): void {
    this.#ntlm?.outcome(success);
    this.#kerberos?.outcome(success);
  }

  /** Emits log-ins whose outcome stayed open. */
  close(): void {
    this.#ntlm?.close();
    this.#kerberos?.close();
  }
}
