/** DHCP for IPv6, relays included. RFC 8415; rows of our own, each joined from the connections that carried it. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { Dhcpv6Exchanges } from './dhcpv6/exchanges.ts';
import { isMessage, readMessage } from './dhcpv6/message.ts';

const CLIENT_PORT = 546;
const SERVER_PORT = 547;

class Dhcpv6Session implements Session {
  readonly #connection: Connection;
  readonly #exchanges: Dhcpv6Exchanges;
  #isConfirmed = false;

  constructor(connection: Connection, exchanges: Dhcpv6Exchanges) {
    this.#connection = connection;
    this.#exchanges = exchanges;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const message = isMessage(bytes) ? readMessage(bytes) : undefined;
    if (!message) return this.#isConfirmed ? bytes.length : -1;
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    const { source_ip, dest_ip } = this.#connection;
    this.#exchanges.add(message, fromOriginator ? source_ip : dest_ip, this.#connection);
    return bytes.length;
  }

  close(): void {
    this.#exchanges.close(this.#connection);
  }
}

const withExchanges = (exchanges: Dhcpv6Exchanges): Dissector => ({
  name: 'dhcpv6',
  transports: ['udp'],
  ports: [SERVER_PORT, CLIENT_PORT],
  begins: (first) => first > 0 && first < 16,
  // The format is little more than numbers; servers and clients have no other ports.
  probe: (bytes, _, destPort) =>
    (destPort === SERVER_PORT || destPort === CLIENT_PORT) && isMessage(bytes) ? 0.9 : 0,
  open: (connection) => new Dhcpv6Session(connection, exchanges),
  create: () => withExchanges(new Dhcpv6Exchanges()),
});

export const dhcpv6: Dissector = withExchanges(new Dhcpv6Exchanges());
