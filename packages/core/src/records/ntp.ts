/** NTP messages: clock synchronisation, control and private modes. Zeek's ntp logs; RFC 5905, RFC 9327. */
import { bool, count, interval, optional, record, string, time } from '../schema.ts';
import { head } from './head.ts';

const version = count('NTP version.');

export const ntp = record('ntp', 1, 'One row per NTP message of the modes 1 to 5.', {
  ...head,
  version,
  mode: count('1 = active, 2 = passive, 3 = client, 4 = server, 5 = broadcast.'),
  stratum: count('Distance from a reference clock; 0 = unspecified, 1 = primary server.'),
  poll: interval('Longest time between messages.'),
  precision: interval('Precision of the clock of the sender.'),
  root_delay: interval('Round trip to the reference clock.'),
  root_disp: interval('Dispersion to the reference clock.'),
  ref_id: string(
    'Stratum 0: kiss code; 1: kind of clock; above: address of the server it follows, or a hash of it.',
  ),
  ref_time: time('When the clock was set last; 0 if never.'),
  org_time: time('When the request left, by the clock of the client.'),
  rec_time: time('When the request arrived, by the clock of the server.'),
  xmt_time: time('When this message left, by the clock of its sender.'),
  num_exts: count('Extension fields.'),
});

export const ntpControl = record('ntp_control', 1, 'One row per NTP control message (mode 6).', {
  ...head,
  version,
  mode: count('Always 6.'),
  op_code: count('Command: 1 = status, 2 = read variables and so on.'),
  sequence: count('Number of the command.'),
  status: count('Status word.'),
  association_id: count('Association that is meant; 0 = the system.'),
  resp_bit: bool('It is a response.'),
  err_bit: bool('It is an error.'),
  more_bit: bool('More of the response follows.'),
  data: optional(string('Data of the message.', { text: true })),
  key_id: optional(count('Key of the authenticator.')),
  crypto_checksum: optional(string('The authenticator.')),
});

export const ntpPrivate = record('ntp_private', 1, 'One row per private NTP message (mode 7).', {
  ...head,
  version,
  mode: count('Always 7.'),
  req_code: count('Request; 42 = monlist.'),
  sequence: count('Number of the packet within a response.'),
  implementation: count('Implementation that the request is for.'),
  auth_bit: bool('The message is authenticated.'),
  err: count('Error; 0 = none.'),
  data: optional(string('Data of the message.')),
});
