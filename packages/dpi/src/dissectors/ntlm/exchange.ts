/** Joins the three messages of an NTLM log-in and its outcome into one record. Rows as Zeek's ntlm.log. */
import type { Ntlm } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { AUTHENTICATE, CHALLENGE, type NtlmMessage } from './message.ts';

/** The log-ins of one connection, one after the other. */
export class NtlmExchange {
  readonly #connection: Connection;
  #row: Ntlm | undefined;
  #isAuthenticated = false;
  #wasAnonymous = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  message(message: NtlmMessage): void {
    // What comes after the credentials is the next log-in: the outcome of this one was not told.
    if (this.#isAuthenticated) this.#finish();
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    this.#row ??= { kind: 'ntlm', ts, uid, source_ip, source_port, dest_ip, dest_port };
    const row = this.#row;
    if (message.type === CHALLENGE) {
      row.server_nb_computer_name = message.serverNetbios;
      row.server_dns_computer_name = message.serverDns;
      row.server_tree_name = message.serverTree;
    } else if (message.type === AUTHENTICATE) {
      row.username = message.user;
      row.hostname = message.workstation;
      row.domainname = message.domain;
      this.#isAuthenticated = true;
    }
  }

  /** What the carrier says became of the log-in. Without credentials it is no log-in that could have an outcome. */
  outcome(success: boolean): void {
    if (!this.#row || !this.#isAuthenticated) return;
    this.#row.success = success;
    this.#finish();
  }

  close(): void {
    this.#finish();
  }

  /** Some clients try without a name before each request: that is told once. */
  #finish(): void {
    const isAnonymous = this.#row?.username === undefined;
    if (this.#row && !(isAnonymous && this.#wasAnonymous)) this.#connection.emit(this.#row);
    if (this.#row) this.#wasAnonymous ||= isAnonymous;
    this.#row = undefined;
    this.#isAuthenticated = false;
  }
}
