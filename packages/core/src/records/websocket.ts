/** WebSocket connections as they are opened. Zeek's websocket.log; RFC 6455 §4. */
import { category, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

const list = { zeekType: 'vector[string]' };

export const websocket = record('websocket', 1, 'One row per WebSocket connection.', {
  ...head,
  host: optional(string('Host header of the request.', { text: true })),
  uri: optional(string('Target of the request.', { text: true })),
  user_agent: optional(string('User-Agent header of the request.', { text: true })),
  subprotocol: optional(category('Subprotocol that the server chose.')),
  client_protocols: optional(strings('Subprotocols that the client offers.', list)),
  server_extensions: optional(strings('Extensions that the server chose.', list)),
  client_extensions: optional(strings('Extensions that the client offers.', list)),
});
