/** Syslog messages. Zeek's syslog.log; RFC 3164, RFC 5424, RFC 6587. */
import { category, record, string } from '../schema.ts';
import { head } from './head.ts';

export const syslog = record('syslog', 1, 'One row per syslog message.', {
  ...head,
  proto: category('Transport.', { zeekType: 'enum' }),
  facility: category('Kind of program that speaks; UNSPECIFIED where the message does not say.'),
  severity: category('Severity; UNSPECIFIED where the message does not say.'),
  message: string('What follows the priority.', { text: true }),
});
