/**
 * DHCPv6 exchanges: messages of one client, over all connections of an engine, joined into one row. A client asks a
 * group and is answered from the server's own address, so that one exchange lies in several connections.
 */
import type { Dhcpv6 } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { headOf } from '../head.ts';
import type { Dhcpv6Message } from './message.ts';

/** An exchange is over after this long without a message, ms. */
const SILENCE = 10_000;
const MAX_MESSAGES = 50;
/** Exchanges that are open at a time; a flood of identifiers costs no more. */
const MAX_EXCHANGES = 4_096;

interface Exchange {
  readonly row: Dhcpv6;
  readonly types: string[];
  last: number;
}

export class Dhcpv6Exchanges {
  /** In the order of their last message. */
  readonly #open = new Map<string, Exchange>();

  /** `sender` is who the packet came from. */
  add(message: Dhcpv6Message, sender: string, connection: Connection): void {
    this.#expire(connection);
    const key = message.clientDuid ?? String(message.transId);
    const exchange = this.#open.get(key) ?? this.#start(connection);
    this.#open.delete(key);
    this.#open.set(key, exchange);
    const { row, types } = exchange;
    exchange.last = connection.ts;
    row.duration = connection.ts - row.ts;
    types.push(message.type);
    if (message.isFromServer) fillFromServer(row, message, sender);
    else fillFromClient(row, message, sender);
    if (message.type === 'REPLY' || types.length >= MAX_MESSAGES) this.#finish(key, exchange, connection);
  }

  /** Writes what a connection began: it has ended, so nothing more comes. */
  close(connection: Connection): void {
    for (const [key, exchange] of this.#open) {
      if (exchange.row.uid === connection.uid) this.#finish(key, exchange, connection);
    }
  }

  #start(connection: Connection): Exchange {
    const [oldest] = this.#open;
    if (oldest && this.#open.size >= MAX_EXCHANGES) this.#finish(oldest[0], oldest[1], connection);
    const types: string[] = [];
    return { row: { kind: 'dhcpv6', ...headOf(connection), msg_types: types }, types, last: connection.ts };
  }

  #expire(connection: Connection): void {
    for (const [key, exchange] of this.#open) {
      if (connection.ts - exchange.last <= SILENCE) return;
      this.#finish(key, exchange, connection);
    }
  }

  #finish(key: string, { row }: Exchange, connection: Connection): void {
    this.#open.delete(key);
    connection.emit(row);
  }
}

function fillFromClient(row: Dhcpv6, m: Dhcpv6Message, sender: string): void {
  row.client_addr = m.peer ?? sender;
  if (m.clientDuid !== undefined) row.client_duid = m.clientDuid;
  if (m.mac !== undefined) row.mac = m.mac;
  if (m.fqdn !== undefined) row.client_fqdn = m.fqdn;
  if (m.vendorClass !== undefined) row.vendor_class = m.vendorClass;
}

function fillFromServer(row: Dhcpv6, m: Dhcpv6Message, sender: string): void {
  row.server_addr = sender;
  if (m.peer !== undefined) row.client_addr ??= m.peer;
  if (m.clientDuid !== undefined) row.client_duid ??= m.clientDuid;
  if (m.mac !== undefined) row.mac ??= m.mac;
  if (m.serverDuid !== undefined) row.server_duid = m.serverDuid;
  if (m.addresses.length > 0) row.assigned_addrs = m.addresses;
  if (m.prefixes.length > 0) row.assigned_prefixes = m.prefixes;
  if (m.lifetime !== undefined) row.lease_time = m.lifetime;
  if (m.dnsServers.length > 0) row.dns_servers = m.dnsServers;
  if (m.domains.length > 0) row.domains = m.domains;
  if (m.status !== undefined) row.status = m.status;
}
