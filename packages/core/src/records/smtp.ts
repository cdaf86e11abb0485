/** Mail in transfer. Zeek's smtp.log; RFC 5321, RFC 5322, RFC 3030. */
import { addr, bool, count, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

const set = { zeekType: 'set[string]', text: true } as const;

export const smtp = record('smtp', 1, 'One row per message, or attempt to send one.', {
  ...head,
  trans_depth: count('Number of the message within its connection, from 1.'),
  helo: optional(string('Name that the client gave itself.')),
  mailfrom: optional(string('Sender of the envelope.', { text: true })),
  rcptto: optional(strings('Recipients of the envelope.', set)),
  date: optional(string('Date header.')),
  from: optional(string('From header.', { text: true })),
  to: optional(strings('To header, taken apart.', set)),
  cc: optional(strings('Cc header, taken apart.', set)),
  reply_to: optional(string('Reply-To header.')),
  msg_id: optional(string('Message-ID header.')),
  in_reply_to: optional(string('In-Reply-To header.')),
  subject: optional(string('Subject header.', { text: true })),
  x_originating_ip: optional(addr('Address in the X-Originating-IP header.')),
  first_received: optional(string('The last Received header, written first.')),
  second_received: optional(string('The Received header before that one.')),
  last_reply: optional(string('What the server said last.')),
  path: optional(strings('Hosts on the way of the message, the last first.', { zeekType: 'vector[addr]' })),
  user_agent: optional(string('Program of the sender.')),
  tls: bool('The connection went on in TLS.'),
  fuids: optional(strings('Ids of the files in the message.', { zeekType: 'vector[string]' })),
});
