/** STUN transactions, a record of our own; RFC 8489, RFC 8656. */
import { addr, category, optional, own, port, record, string } from '../schema.ts';
import { head } from './head.ts';

export const stun = record('stun', 1, 'One row per connection and kind of STUN request.', {
  ...head,
  method: own(category('What was asked for: binding, allocate and so on.')),
  result: own(category('success, error or unanswered.')),
  mapped_addr: own(optional(addr('Address of the client as the server sees it.'))),
  mapped_port: own(optional(port('Port of the client as the server sees it.'))),
  relayed_addr: own(optional(addr('Address at the relay that was given to the client.'))),
  relayed_port: own(optional(port('Port at the relay that was given to the client.'))),
  username: own(optional(string('User name.'))),
  realm: own(optional(string('Realm of the server.'))),
  software: own(optional(string('Program that answered, or asked.', { text: true }))),
});
