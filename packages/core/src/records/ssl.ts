/** TLS and SSL handshakes. Zeek's ssl.log; RFC 5246, RFC 8446; JA3, JA3S and JA4 are columns of our own. */
import { bool, category, optional, own, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

const list = { zeekType: 'vector[string]' };

export const ssl = record('ssl', 1, 'One row per TLS connection.', {
  ...head,
  version: optional(category('Version that was agreed.')),
  cipher: optional(category('Cipher suite that was agreed.')),
  curve: optional(category('Elliptic curve of the key exchange.')),
  server_name: optional(string('Server name indication.', { text: true })),
  resumed: bool('An earlier session was resumed.'),
  last_alert: optional(category('Last alert.')),
  next_protocol: optional(category('Application protocol that was agreed (ALPN).')),
  established: bool('The handshake was completed.'),
  ssl_history: optional(string('Handshake messages, letter by letter, as Zeek writes them.')),
  cert_chain_fps: optional(strings('SHA-256 of the server certificates.', list)),
  client_cert_chain_fps: optional(strings('SHA-256 of the client certificates.', list)),
  sni_matches_cert: optional(bool('The server name fits the certificate.')),
  subject: own(optional(string('Subject of the server certificate.', { text: true }))),
  issuer: own(optional(string('Issuer of the server certificate.', { text: true }))),
  self_signed: own(optional(bool('Subject and issuer of the server certificate are the same.'))),
  ja3: own(optional(string('JA3 of the client hello.'))),
  ja3s: own(optional(string('JA3S of the server hello.'))),
  ja4: own(optional(string('JA4 of the client hello.'))),
});
