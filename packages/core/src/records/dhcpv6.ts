/** DHCPv6 exchanges, a record of our own in the shape of dhcp; RFC 8415, RFC 4704. */
import { addr, interval, optional, own, record, string, strings, time } from '../schema.ts';
import { head } from './head.ts';

export const dhcpv6 = record('dhcpv6', 1, 'One row per DHCPv6 exchange.', {
  ...head,
  ts: time('When the exchange began.'),
  msg_types: own(strings('Kinds of messages, in order.')),
  client_addr: own(optional(addr('Address the client speaks from.'))),
  server_addr: own(optional(addr('Address the server speaks from.'))),
  client_duid: own(optional(string('Identifier of the client (option 1), hexadecimal.'))),
  server_duid: own(optional(string('Identifier of the server (option 2), hexadecimal.'))),
  mac: own(optional(string("The client's hardware address, where its identifier holds it."))),
  client_fqdn: own(optional(string('Name the client gave (option 39).', { text: true }))),
  assigned_addrs: own(optional(strings('Addresses the server gave.'))),
  assigned_prefixes: own(optional(strings('Prefixes the server gave.'))),
  lease_time: own(optional(interval('Valid lifetime of the first of them.'))),
  dns_servers: own(optional(strings('Name servers the server gave (option 23).'))),
  domains: own(optional(strings('Search list the server gave (option 24).'))),
  status: own(optional(string('Status code of the server with its message (option 13).'))),
  vendor_class: own(optional(string('Vendor class of the client (option 16).', { text: true }))),
  duration: own(optional(interval('From the first to the last message.'))),
});
