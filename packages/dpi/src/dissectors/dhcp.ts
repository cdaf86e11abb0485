/** DHCP for IPv4. RFC 2131, RFC 2132; rows as Zeek's dhcp.log, each joined from the connections that carried it. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { DhcpExchanges } from './dhcp/exchanges.ts';
import { isDhcp, readMessage } from './dhcp/message.ts';

class DhcpSession implements Session {
  readonly #connection: Connection;
  readonly #exchanges: DhcpExchanges;
  #isConfirmed = false;

  constructor(connection: Connection, exchanges: DhcpExchanges) {
    this.#connection = connection;
    this.#exchanges = exchanges;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const connection = this.#connection;
    if (!isDhcp(bytes)) {
      connection.weird('dhcp_malformed', undefined, 'DHCP');
      return bytes.length;
    }
    const message = readMessage(bytes);
    if (message.isBroken) connection.weird('dhcp_option_past_end', undefined, 'DHCP');
    if (message.type === undefined) return bytes.length; // plain BOOTP
    if (!this.#isConfirmed) connection.confirm();
    this.#isConfirmed = true;
    const sender = fromOriginator ? connection.source_ip : connection.dest_ip;
    this.#exchanges.add(message, message.type, sender, connection);
    return bytes.length;
  }

  close(): void {
    this.#exchanges.close(this.#connection);
  }
}

const withExchanges = (exchanges: DhcpExchanges): Dissector => ({
  name: 'dhcp',
  transports: ['udp'],
  ports: [67, 68, 4011],
  begins: (first) => first === 1 || first === 2,
  probe: (bytes) => (isDhcp(bytes) ? 1 : 0),
  open: (connection) => new DhcpSession(connection, exchanges),
  create: () => withExchanges(new DhcpExchanges()),
});

export const dhcp: Dissector = withExchanges(new DhcpExchanges());
