/** Transfers by TFTP. RFC 1350; Zeek has no log of its own for it, the columns are ours. */
import { bool, category, count, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const tftp = record('tftp', 1, 'One row per file asked for or offered by TFTP.', {
  ...head,
  wrq: bool('The client writes; otherwise it reads.'),
  fname: string('Name of the file.', { text: true }),
  mode: category('How it is sent: octet, netascii or mail.'),
  uid_data: optional(string('Identity of the connection that carried the blocks.')),
  size: optional(count('Bytes seen of the file.')),
  block_sent: optional(count('Number of the last block that was sent.')),
  block_acked: optional(count('Number of the last block that was acknowledged.')),
  error_code: optional(count('Why it failed, as a number.')),
  error_msg: optional(string('Why it failed.', { text: true })),
});
