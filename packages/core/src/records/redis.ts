/** Commands to Redis servers. Zeek's redis.log. */
import { bool, category, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const redis = record('redis', 1, 'One row per Redis command and its reply.', {
  ...head,
  cmd_name: category('Command, as the client wrote it.', { zeek: 'cmd.name' }),
  cmd_key: optional(string('Key, for commands that have one.', { zeek: 'cmd.key', text: true })),
  cmd_value: optional(
    string('Value, for commands that have one; its first 250 bytes.', { zeek: 'cmd.value', text: true }),
  ),
  success: optional(bool('The reply is no error; unset without a reply.')),
  reply_value: optional(string('Reply as text, its first 250 bytes.', { zeek: 'reply.value', text: true })),
});
