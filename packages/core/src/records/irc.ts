/** IRC commands of clients. Zeek's irc.log; RFC 1459, RFC 2812. */
import { category, count, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const irc = record('irc', 1, 'One row per NICK, USER, JOIN and file transfer (DCC) of a client.', {
  ...head,
  nick: optional(string('Nickname so far.', { text: true })),
  user: optional(string('User name so far.', { text: true })),
  command: optional(category('NICK, USER, JOIN or DCC.')),
  value: optional(string('What the command sets: nickname, user name or channel.', { text: true })),
  addl: optional(string('Further parts of the command.')),
  dcc_file_name: optional(string('Name of a file offered.', { text: true })),
  dcc_file_size: optional(count('Its length.')),
  dcc_mime_type: optional(category('Its type by content.')),
  fuid: optional(string('Id of the file.')),
});
