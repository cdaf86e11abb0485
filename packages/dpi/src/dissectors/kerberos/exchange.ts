/** Joins Kerberos requests with their replies into records. Rows as Zeek's kerberos.log. */
import type { Kerberos } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import {
  AP_REPLY,
  AP_REQUEST,
  AS_REPLY,
  AS_REQUEST,
  ERROR,
  type Message,
  TGS_REPLY,
  TGS_REQUEST,
} from './message.ts';
import { cipherName, errorName } from './names.ts';
import { certificateSubject, PK_AS_REPLY, PK_AS_REQUEST } from './pkinit.ts';

const FORWARDABLE = 0x4000_0000;
const RENEWABLE = 0x0080_0000;

/** Refusals that are part of every log-in: a record of each would say nothing. Zeek leaves the same out. */
const ROUTINE = new Set(['NEEDED_PREAUTH', 'Need to use PA-ENC-TIMESTAMP/PA-PK-AS-REQ']);

const named = (client: string | undefined, realm: string | undefined): string =>
  `${client ?? ''}/${realm ?? ''}`;

/** The requests and replies of one connection; of service too to carriers of Kerberos (SMB, LDAP, HTTP). */
export class KerberosExchange {
  readonly #connection: Connection;
  #row: Kerberos | undefined;
  #nonce: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  message(message: Message): void {
    switch (message.type) {
      case AS_REQUEST:
      case TGS_REQUEST:
        this.#request(message);
        break;
      case AS_REPLY:
      case TGS_REPLY:
        this.#reply(message);
        break;
      case AP_REQUEST:
        this.#apRequest(message);
        break;
      case AP_REPLY:
        this.#finish({ success: true });
        break;
      case ERROR:
        this.#error(message);
        break;
    }
  }

  /** What a carrier says became of the ticket it was shown, where no Kerberos message did. */
  outcome(success: boolean): void {
    this.#finish({ success });
  }

  /** Emits a request that was not answered. */
  close(): void {
    this.#finish({});
  }

  #open(): Kerberos {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    this.#row ??= { kind: 'kerberos', ts, uid, source_ip, source_port, dest_ip, dest_port };
    return this.#row;
  }

  #finish(changes: Partial<Kerberos>): void {
    if (this.#row) this.#connection.emit(Object.assign(this.#row, changes));
    this.#row = undefined;
    this.#nonce = undefined;
  }

  #request(message: Message): void {
    const { type, client, realm, service, from, till, nonce, options, padata } = message;
    if (this.#row && this.#nonce !== nonce) this.#finish({});
    this.#nonce = nonce;
    const row = this.#open();
    row.request_type = type === AS_REQUEST ? 'AS' : 'TGS';
    // Within a TGS request the client's name is encrypted: the reply tells it.
    if (type === AS_REQUEST) row.client = named(client, realm);
    if (service !== undefined) row.service = service;
    if (from !== undefined) row.from = from;
    if (till !== undefined) row.till = till;
    const subject = certificateSubject(padata?.get(PK_AS_REQUEST));
    if (subject !== undefined) row.client_cert_subject = subject;
    if (options === undefined) return;
    row.forwardable = (options & FORWARDABLE) !== 0;
    row.renewable = (options & RENEWABLE) !== 0;
  }

  #reply({ client, realm, ticket, padata }: Message): void {
    const row = this.#open();
    row.client ??= named(client, realm);
    if (ticket?.service !== undefined) row.service = ticket.service;
    if (ticket?.cipher !== undefined) row.cipher = cipherName(ticket.cipher);
    const subject = certificateSubject(padata?.get(PK_AS_REPLY));
    if (subject !== undefined) row.server_cert_subject = subject;
    this.#finish({ success: true });
  }

  #apRequest({ ticket }: Message): void {
    this.#finish({});
    const row = this.#open();
    row.request_type = 'AP';
    row.client = named(undefined, ticket?.realm);
    if (ticket?.service !== undefined) row.service = ticket.service;
    if (ticket?.cipher !== undefined) row.cipher = cipherName(ticket.cipher);
  }

  #error({ client, realm, service, errorCode, errorText }: Message): void {
    if (errorText !== undefined && ROUTINE.has(errorText)) {
      this.#row = undefined;
      return;
    }
    const row = this.#open();
    if (row.client === undefined && (client ?? realm) !== undefined) row.client = named(client, realm);
    if (service !== undefined) row.service = service;
    if (errorText !== undefined) row.error_msg = errorText;
    else if (errorCode !== undefined) row.error_msg = errorName(errorCode);
    this.#finish({ success: false });
  }
}
