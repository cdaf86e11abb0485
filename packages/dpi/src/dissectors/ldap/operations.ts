/** Joins LDAP requests with their replies into records. Rows as Zeek's ldap.log and ldap_search.log. */
import type { Ldap, LdapSearch } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import type { Authentication } from '../authentication.ts';
import { children, content, type Der, derAt, OCTET_STRING } from '../der.ts';
import { filterText } from './filter.ts';
import {
  ABANDON,
  ADD,
  BIND,
  BIND_REPLY,
  COMPARE,
  changeName,
  DELETE,
  derefName,
  ENTRY,
  EXTENDED,
  EXTENDED_REPLY,
  extendedName,
  hasResult,
  MODIFY,
  operationName,
  REFERENCE,
  RENAME,
  resultName,
  SASL_IN_PROGRESS,
  SEARCH,
  SEARCH_DONE,
  START_TLS,
  SUCCESS,
  scopeName,
  UNBIND,
} from './names.ts';
import { ldapInteger, ldapText } from './text.ts';

/** Ways to say who one is in a bind, RFC 4511 §4.2 and MS-ADTS §5.1.1.1. */
const SIMPLE = 0x80;
const SASL = 0xa3;
const SICILY: ReadonlyMap<number, string> = new Map([
  [0x89, 'bind sicily discovery'],
  [0x8a, 'bind sicily negotiate'],
  [0x8b, 'bind sicily response'],
]);
/** Where replies carry the server's token. */
const SERVER_TOKEN = 0x87;
const EXTENDED_NAME = 0x80;

/** Operations that wait for an answer; the oldest is written unanswered when there are more. */
const MOST_PENDING = 256;
const MOST_CHANGES = 64;
const LONGEST_ARGUMENT = 4_096;

/** Attributes whose values are passwords. */
const SECRET = /password|pwd$/i;

/** One message: its number and the operation. */
export interface LdapMessage {
  readonly id: number;
  readonly operation: Der;
}

export class LdapOperations {
  /** The mechanism of a log-in that succeeded: what follows may be signed or encrypted. */
  secured: string | undefined;
  /** TLS was agreed upon. */
  startsTls = false;
  readonly #connection: Connection;
  readonly #authentication: Authentication;
  readonly #pending = new Map<number, Ldap>();
  readonly #searches = new Map<number, LdapSearch>();
  #mechanism: string | undefined;
  #asksTls = false;

  constructor(connection: Connection, authentication: Authentication) {
    this.#connection = connection;
    this.#authentication = authentication;
  }

  message({ id, operation }: LdapMessage): void {
    const { tag } = operation;
    if (tag === SEARCH) this.#search(this.#searchOf(id), operation);
    else if (tag === ENTRY) this.entry(id);
    else if (tag === SEARCH_DONE) this.#searchDone(id, operation);
    else if (tag !== REFERENCE) this.#other(id, operation);
  }

  /** An entry was found; nothing of it is kept. */
  entry(id: number): void {
    const row = this.#searchOf(id);
    row.result_count = (row.result_count ?? 0) + 1;
  }

  close(): void {
    for (const row of this.#pending.values()) this.#connection.emit(row);
    for (const row of this.#searches.values()) this.#connection.emit(row);
    this.#pending.clear();
    this.#searches.clear();
  }

  #searchOf(id: number): LdapSearch {
    const known = this.#searches.get(id);
    if (known) return known;
    this.#makeRoom(this.#searches);
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const row: LdapSearch = {
      kind: 'ldap_search',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      message_id: id,
      result_count: 0,
    };
    this.#searches.set(id, row);
    return row;
  }

  #rowOf(id: number): Ldap {
    const known = this.#pending.get(id);
    if (known) return known;
    this.#makeRoom(this.#pending);
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const row: Ldap = { kind: 'ldap', ts, uid, source_ip, source_port, dest_ip, dest_port, message_id: id };
    this.#pending.set(id, row);
    return row;
  }

  #makeRoom(rows: Map<number, Ldap | LdapSearch>): void {
    if (rows.size < MOST_PENDING) return;
    for (const [id, row] of rows) {
      this.#connection.emit(row);
      rows.delete(id);
      return;
    }
  }

  #search(row: LdapSearch, operation: Der): void {
    const [base, scope, deref, , , , filter] = children(operation, 8);
    const name = ldapText(base);
    if (name !== '') row.base_object = name;
    const depth = ldapInteger(scope);
    if (depth !== undefined) row.scope = scopeName(depth);
    const follows = ldapInteger(deref);
    if (follows !== undefined) row.deref_aliases = derefName(follows);
    if (filter) row.filter = filterText(filter);
  }

  #searchDone(id: number, operation: Der): void {
    const row = this.#searchOf(id);
    this.#result(row, operation);
    this.#connection.emit(row);
    this.#searches.delete(id);
  }

  /** Result and message of a reply; gives the code. */
  #result(row: Ldap | LdapSearch, operation: Der): number | undefined {
    const [code, , diagnostic] = children(operation, 3);
    const result = ldapInteger(code);
    if (result !== undefined) row.result = resultName(result);
    const text = ldapText(diagnostic);
    if (text !== '') row.diagnostic_message = text;
    return result;
  }

  #other(id: number, operation: Der): void {
    const { tag } = operation;
    const row = this.#rowOf(id);
    if (tag === BIND) this.#bind(row, operation);
    else if (tag !== BIND_REPLY || row.opcode === undefined) row.opcode = operationName(tag);
    this.#describe(row, operation);
    if (hasResult(tag)) {
      const code = this.#result(row, operation);
      if (tag === BIND_REPLY) this.#bindReply(operation, code);
      if (tag === EXTENDED_REPLY && this.#asksTls) this.startsTls = code === SUCCESS;
    } else if (tag !== UNBIND && tag !== ABANDON) return;
    this.#connection.emit(row);
    this.#pending.delete(id);
  }

  /** What a request acts on, and how. */
  #describe(row: Ldap, operation: Der): void {
    switch (operation.tag) {
      case MODIFY:
      case ADD:
      case RENAME:
      case COMPARE: {
        const [name, changes] = children(operation, 2);
        row.object = ldapText(name) || undefined;
        if (operation.tag === MODIFY) row.argument = changesText(changes) || undefined;
        break;
      }
      case DELETE:
        row.object = ldapText(operation) || undefined;
        break;
      case ABANDON: {
        const abandoned = ldapInteger(operation);
        if (abandoned !== undefined) row.object = `${abandoned}`;
        break;
      }
      case EXTENDED: {
        const name = children(operation, 1)[0];
        const oid = name?.tag === EXTENDED_NAME ? ldapText(name) : '';
        this.#asksTls = oid === START_TLS;
        if (oid !== '') row.object = `${oid} (${extendedName(oid)})`;
        break;
      }
    }
  }

  #bind(row: Ldap, operation: Der): void {
    const [version, name, method] = children(operation, 3);
    row.version = ldapInteger(version);
    row.object = ldapText(name) || undefined;
    row.opcode = 'bind';
    this.#mechanism = undefined;
    if (!method) return;
    if (method.tag === SIMPLE) {
      row.opcode = 'bind simple';
      if (method.to > method.from) row.argument = 'REDACTED';
    } else if (method.tag === SASL) {
      row.opcode = 'bind SASL';
      const [mechanism, credentials] = children(method, 2);
      row.argument = ldapText(mechanism) || undefined;
      this.#mechanism = row.argument;
      if (credentials?.tag === OCTET_STRING) this.#authentication.token(content(credentials));
    } else {
      row.opcode = SICILY.get(method.tag) ?? row.opcode;
      if (this.#authentication.token(content(method))) this.#mechanism = 'SICILY';
    }
  }

  #bindReply(operation: Der, code: number | undefined): void {
    for (const part of children(operation, 6).slice(3)) {
      if (part.tag === SERVER_TOKEN) this.#authentication.token(content(part));
    }
    // A log-in by Sicily carries the server's token in place of the matched name.
    const matched = this.#mechanism === 'SICILY' ? children(operation, 2)[1] : undefined;
    if (matched) this.#authentication.token(content(matched));
    if (code === undefined || code === SASL_IN_PROGRESS) return;
    if (this.#mechanism === undefined) return;
    if (!matched || matched.to === matched.from) this.#authentication.outcome(code === SUCCESS);
    if (code === SUCCESS) this.secured = this.#mechanism;
  }
}

/** Changes of an entry: what is done with which attribute, and its values. */
function changesText(list: Der | undefined): string {
  const texts: string[] = [];
  for (const change of children(list, MOST_CHANGES)) {
    const [kind, modified] = children(change, 2);
    const [name, values] = children(modified, 2);
    const attribute = ldapText(name);
    const written = SECRET.test(attribute)
      ? 'REDACTED'
      : children(values, MOST_CHANGES).map(ldapText).join(',');
    const detail = written === '' ? attribute : `${attribute}=${written}`;
    texts.push(`${changeName(ldapInteger(kind) ?? -1)}(${detail})`);
  }
  return texts.join(',').slice(0, LONGEST_ARGUMENT);
}

/** The message within a SEQUENCE, or undefined if it is none. */
export function readLdapMessage(sequence: Der): LdapMessage | undefined {
  const number = derAt(sequence.bytes, sequence.from, sequence.to);
  const operation = number && derAt(number.bytes, number.to, sequence.to);
  const id = number?.tag === 2 ? ldapInteger(number) : undefined;
  if (id === undefined || !operation || operationName(operation.tag) === undefined) return undefined;
  return { id, operation };
}
