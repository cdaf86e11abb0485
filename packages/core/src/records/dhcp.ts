/** DHCP exchanges. Zeek's dhcp.log; RFC 2131, RFC 2132. */
import { addr, interval, optional, own, record, string, strings, time } from '../schema.ts';
import { ownConnection } from './head.ts';

export const dhcp = record('dhcp', 1, 'One row per DHCP exchange.', {
  ts: time('When the exchange began.'),
  uids: strings('uids of the connections that carried it.', { zeekType: 'set[string]' }),
  client_addr: optional(addr('Address of the client.')),
  server_addr: optional(addr('Address of the server.')),
  mac: optional(string("The client's hardware address.")),
  host_name: optional(string('Name the client gave (option 12).', { text: true })),
  client_fqdn: optional(string('Full name the client gave (option 81).', { text: true })),
  domain: optional(string('Domain the server gave (option 15).')),
  requested_addr: optional(addr('Address the client asked for.')),
  assigned_addr: optional(addr('Address the server gave.')),
  lease_time: optional(interval('How long the lease lasts.')),
  client_message: optional(string('Message of the client (option 56).')),
  server_message: optional(string('Message of the server (option 56).')),
  msg_types: optional(strings('Kinds of messages, in order.', { zeekType: 'vector[string]' })),
  duration: optional(interval('From the first to the last message.')),
  ...ownConnection,
  vendor_class: own(optional(string('Vendor class (option 60).'))),
  parameters: own(optional(string('Parameter request list (option 55), comma separated.'))),
});
