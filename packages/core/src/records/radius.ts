/** RADIUS log-ins. Zeek's radius.log; RFC 2865, RFC 2868. */
import { addr, category, interval, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const radius = record('radius', 1, 'One row per RADIUS log-in with its outcome.', {
  ...head,
  username: optional(string('User that logs in.', { text: true })),
  mac: optional(string("Hardware address of the user's station.")),
  framed_addr: optional(addr('Address that a challenge offers to the user.')),
  tunnel_client: optional(string("The client's end of a tunnel.")),
  connect_info: optional(string('How the user is connected.')),
  reply_msg: optional(string('Message that a challenge shows to the user.', { text: true })),
  result: optional(category('success, failed or unknown.')),
  ttl: optional(interval('From the request to the outcome.')),
});
