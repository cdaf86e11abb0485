/** SNMP over UDP: who manages whom, and how much is asked and set. RFC 1157, RFC 3416, RFC 3412; rows as Zeek's snmp.log. */
import type { Snmp } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { headOf } from './head.ts';
import { beginsMessage, PDU, readMessage, type SnmpMessage } from './snmp/message.ts';

class SnmpSession implements Session {
  readonly #connection: Connection;
  #row: Snmp | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array): number {
    const message = readMessage(bytes);
    if (!message) return this.#row ? bytes.length : -1;
    if (message.longArc > 0) {
      this.#connection.weird('asn_oid_subidentifier_too_long', String(message.longArc));
    }
    this.#count(this.#rowFor(message), message);
    return bytes.length;
  }

  close(): void {
    if (this.#row) this.#connection.emit(this.#row);
    this.#row = undefined;
  }

  #rowFor({ version, community, user }: SnmpMessage): Snmp {
    if (!this.#row) {
      this.#connection.confirm();
      this.#row = {
        kind: 'snmp',
        ...headOf(this.#connection),
        duration: 0,
        version,
        get_requests: 0,
        get_bulk_requests: 0,
        get_responses: 0,
        set_requests: 0,
      };
    }
    const row = this.#row;
    row.duration = this.#connection.ts - row.ts;
    if (community !== undefined) row.community ??= community;
    if (user) row.user ??= user;
    return row;
  }

  #count(row: Snmp, { pdu, bindings, description, upTime }: SnmpMessage): void {
    switch (pdu) {
      case PDU.GET:
      case PDU.GET_NEXT:
        row.get_requests += bindings;
        break;
      case PDU.GET_BULK:
        row.get_bulk_requests += bindings;
        break;
      case PDU.SET:
        row.set_requests += bindings;
        break;
      case PDU.TRAP:
      case PDU.TRAP_V2:
      case PDU.INFORM:
        row.traps = (row.traps ?? 0) + 1;
        break;
      case PDU.RESPONSE:
        row.get_responses += bindings;
        if (description !== undefined) row.display_string = description;
        if (upTime !== undefined) row.up_since = this.#connection.ts - upTime;
    }
  }
}

export const snmp: Dissector = {
  name: 'snmp',
  transports: ['udp'],
  ports: [161, 162],
  begins: (first) => first === 0x30,
  probe: (bytes) => (beginsMessage(bytes) ? 0.95 : 0),
  open: (connection) => new SnmpSession(connection),
};
