/** SNMP sessions. Zeek's snmp.log; RFC 1157, RFC 3416, RFC 3412. */
import { category, count, interval, optional, own, record, string, time } from '../schema.ts';
import { head } from './head.ts';

export const snmp = record('snmp', 1, 'One row per connection that carried SNMP.', {
  ...head,
  duration: interval('From the first to the last message.'),
  version: category('1, 2c, 3 or unknown.'),
  community: optional(string('Community; the user name where version 3 is not encrypted.', { text: true })),
  get_requests: count('Variables that GetRequest and GetNextRequest asked for.'),
  get_bulk_requests: count('Variables that GetBulkRequest asked for.'),
  get_responses: count('Variables that were answered.'),
  set_requests: count('Variables that were to be set.'),
  display_string: optional(string('Description of the responder (sysDescr).', { text: true })),
  up_since: optional(time('Since when the responder is up (sysUpTime).')),
  user: own(optional(string('User name of version 3, also where the message is encrypted.'))),
  traps: own(optional(count('Traps and inform requests.'))),
});
