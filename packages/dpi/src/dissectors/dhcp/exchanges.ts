/**
 * DHCP exchanges: messages of one transaction number and client, over all connections of an engine, joined into one
 * row. When a row is complete, and which message sets which column, is as in Zeek's dhcp.log.
 */
import type { Dhcp } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import type { DhcpMessage } from './message.ts';

/** An exchange is looked at this long after its first message (ms), and in steps afterwards. */
const FIRST_LOOK = 10_000;
const NEXT_LOOK = 5_000;
/** It is over after this long without a message, or after this long in all (ms). */
const SILENCE = 5_000;
const LONGEST = 30_000;
const MAX_CONNECTIONS = 10;
const MAX_MESSAGES = 50;
/** Exchanges that are open at a time; a flood of transaction numbers costs no more. */
const MAX_EXCHANGES = 4096;

interface Exchange {
  row: Dhcp;
  uids: string[];
  types: string[];
  last: number;
  lookAt: number;
  /** The client's address in the fixed part of its messages: used where nothing better comes. */
  mac: string | undefined;
}

export class DhcpExchanges {
  readonly #open = new Map<string, Exchange>();
  #nextLook = Number.POSITIVE_INFINITY;

  add(m: DhcpMessage, type: string, sender: string, connection: Connection): void {
    const { ts, uid } = connection;
    this.#expire(connection);
    const key = `${m.transId} ${m.mac}`;
    const exchange = this.#open.get(key) ?? this.#start(key, connection);
    const { row, uids, types } = exchange;
    exchange.last = ts;
    row.duration = ts - row.ts;
    if (!uids.includes(uid)) uids.push(uid);
    types.push(type);
    if (m.isRequest) fillFromClient(exchange, m, sender);
    else fillFromServer(row, m, sender);
    if (uids.length >= MAX_CONNECTIONS || types.length >= MAX_MESSAGES)
      this.#finish(key, exchange, connection);
  }

  /** Writes what a connection took part in: it has ended, so nothing more comes. */
  close(connection: Connection): void {
    for (const [key, exchange] of this.#open)
      if (exchange.uids.includes(connection.uid)) this.#finish(key, exchange, connection);
  }

  #start(key: string, connection: Connection): Exchange {
    if (this.#open.size >= MAX_EXCHANGES) {
      connection.weird('dhcp_too_many_exchanges', undefined, 'DHCP');
      for (const [oldest, exchange] of this.#open) {
        this.#finish(oldest, exchange, connection);
        break;
      }
    }
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = connection;
    const uids: string[] = [];
    const types: string[] = [];
    const row: Dhcp = {
      kind: 'dhcp',
      ts,
      uids,
      msg_types: types,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
    };
    const exchange = { row, uids, types, last: ts, lookAt: ts + FIRST_LOOK, mac: undefined };
    this.#open.set(key, exchange);
    this.#nextLook = Math.min(this.#nextLook, exchange.lookAt);
    return exchange;
  }

  #expire(connection: Connection): void {
    const now = connection.ts;
    if (now < this.#nextLook) return;
    this.#nextLook = Number.POSITIVE_INFINITY;
    for (const [key, exchange] of this.#open) {
      while (exchange.lookAt <= now && !isOver(exchange)) exchange.lookAt += NEXT_LOOK;
      if (exchange.lookAt <= now) this.#finish(key, exchange, connection);
      else this.#nextLook = Math.min(this.#nextLook, exchange.lookAt);
    }
  }

  #finish(key: string, { row, mac }: Exchange, connection: Connection): void {
    this.#open.delete(key);
    row.mac ??= mac;
    connection.emit(row);
  }
}

const isOver = ({ row, last, lookAt }: Exchange): boolean =>
  lookAt - last > SILENCE || lookAt - row.ts > LONGEST;

function fillFromClient(exchange: Exchange, m: DhcpMessage, sender: string): void {
  const { row } = exchange;
  const isAddress = sender !== '0.0.0.0' && sender !== '255.255.255.255';
  if (isAddress && m.relay === undefined) row.client_addr = sender; // a relay sends from its own address
  if (m.clientIdMac !== undefined) row.mac = m.clientIdMac;
  else exchange.mac = m.mac;
  if (m.hostName !== undefined) row.host_name = m.hostName;
  if (m.clientFqdn !== undefined) row.client_fqdn = m.clientFqdn;
  if (m.requested !== undefined) row.requested_addr = m.requested;
  if (m.text !== undefined) row.client_message = m.text;
  if (m.vendorClass !== undefined) row.vendor_class = m.vendorClass;
  if (m.parameters !== undefined) row.parameters = m.parameters;
}

function fillFromServer(row: Dhcp, m: DhcpMessage, sender: string): void {
  row.mac ??= m.mac;
  if (m.assigned !== undefined) {
    row.server_addr = sender;
    row.assigned_addr = m.assigned;
    row.client_addr ??= m.assigned;
  }
  if (m.domain !== undefined) row.domain = m.domain;
  if (m.leaseTime !== undefined) row.lease_time = m.leaseTime;
  if (m.text !== undefined) row.server_message = m.text;
}
