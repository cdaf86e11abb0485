/** FTP commands with their replies. Zeek's ftp.log; RFC 959, RFC 2428. */
import { addr, bool, category, count, optional, port, record, string } from '../schema.ts';
import { head } from './head.ts';

export const ftp = record(
  'ftp',
  1,
  'One row per command that moves or removes files, or opens data connections.',
  {
    ...head,
    user: optional(string('User of the session; <unknown> before the log-in.', { text: true })),
    password: optional(string('Password of guests; <hidden> for others.')),
    command: optional(category('Command of the client.')),
    arg: optional(string('What it was given; a URL where it names a file.', { text: true })),
    mime_type: optional(category('Type by content of the file moved.')),
    file_size: optional(count('Bytes of the file, as the server says.')),
    reply_code: optional(count('Code of the reply.')),
    reply_msg: optional(string('Text of the reply.')),
    data_channel_passive: optional(
      bool('The client opens the data connection.', { zeek: 'data_channel.passive' }),
    ),
    data_channel_orig_h: optional(addr('Who will open it.', { zeek: 'data_channel.orig_h' })),
    data_channel_resp_h: optional(addr('Where it will go to.', { zeek: 'data_channel.resp_h' })),
    data_channel_resp_p: optional(port('Port of that.', { zeek: 'data_channel.resp_p' })),
    fuid: optional(string('Id of the file moved.')),
  },
);
