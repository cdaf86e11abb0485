/** SSH log-ins. Zeek's ssh.log; RFC 4253; HASSH columns are of our own. */
import { bool, category, count, optional, own, record, string } from '../schema.ts';
import { head } from './head.ts';

export const ssh = record('ssh', 1, 'One row per SSH connection.', {
  ...head,
  version: optional(count('Major version that both speak: 1 or 2.')),
  auth_success: optional(bool('The log-in succeeded, judged by the sizes of packets; unset = unknown.')),
  auth_attempts: count('Attempts to log in, judged by the sizes of packets.'),
  direction: optional(
    category('OUTBOUND or INBOUND where one end is internal and one is not.', { zeekType: 'enum' }),
  ),
  client: optional(string('Version text of the client.', { text: true })),
  server: optional(string('Version text of the server.', { text: true })),
  cipher_alg: optional(category('Encryption.')),
  mac_alg: optional(category('Integrity check.')),
  compression_alg: optional(category('Compression.')),
  kex_alg: optional(category('Key exchange.')),
  host_key_alg: optional(category('Kind of host key.')),
  host_key_fingerprint: optional(
    string('The first 24 bytes of the SHA-256 of the host key, as Zeek writes it.'),
  ),
  host_key: own(optional(string('SHA-256 of the host key, as OpenSSH writes it.'))),
  hassh: own(optional(string("HASSH of the client's offer."))),
  hassh_server: own(optional(string("HASSH of the server's offer."))),
});
