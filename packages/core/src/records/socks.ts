/** Connections through SOCKS proxies. Zeek's socks.log; RFC 1928, RFC 1929. */
import { addr, category, count, optional, port, record, string } from '../schema.ts';
import { head } from './head.ts';

export const socks = record('socks', 1, 'One row per request to a SOCKS proxy.', {
  ...head,
  version: count('Version of the protocol: 4 or 5.'),
  user: optional(string('User who logged in.', { text: true })),
  password: optional(string('Never filled: passwords are not kept.')),
  status: optional(category('What the proxy said to the request.')),
  request_host: optional(addr('Address the client wants to reach.', { zeek: 'request.host' })),
  request_name: optional(string('Name the client wants to reach.', { zeek: 'request.name', text: true })),
  request_p: optional(port('Port the client wants to reach.')),
  bound_host: optional(addr('Address the proxy bound.', { zeek: 'bound.host' })),
  bound_name: optional(string('Name the proxy bound.', { zeek: 'bound.name', text: true })),
  bound_p: optional(port('Port the proxy bound.')),
});
