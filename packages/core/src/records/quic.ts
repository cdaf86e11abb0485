/** QUIC connections. Zeek's quic.log; RFC 9000. */
import { category, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const quic = record('quic', 1, 'One row per QUIC connection; one more after each retry.', {
  ...head,
  version: category("Version of the client's first packet."),
  client_initial_dcid: optional(string('Connection id that the client made up for the server.')),
  client_scid: optional(string('Connection id of the client.')),
  server_scid: optional(string('Connection id of the server.')),
  server_name: optional(string("Name in the client's hello.", { text: true })),
  client_protocol: optional(category('First application protocol that the client offers.')),
  history: string(
    'Letters for packets, capitals for the client: i initial, h handshake, z early data, r retry, c close, s hello, u unknown version, x discarded, o short packets by powers of two.',
  ),
});
