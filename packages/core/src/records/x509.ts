/** Certificates. Zeek's x509.log; RFC 5280. */
import { bool, category, count, optional, own, record, string, strings, time } from '../schema.ts';
import { ownConnection } from './head.ts';

export const x509 = record('x509', 1, 'One row per certificate seen in a handshake.', {
  ts: time('When it was seen.'),
  fingerprint: string('SHA-256 of the certificate.'),
  certificate_version: count('Version, 3 in practice.', { zeek: 'certificate.version' }),
  certificate_serial: string('Serial number, hexadecimal.', { zeek: 'certificate.serial' }),
  certificate_subject: string('Subject.', { zeek: 'certificate.subject', text: true }),
  certificate_issuer: string('Issuer.', { zeek: 'certificate.issuer', text: true }),
  certificate_not_valid_before: time('Valid from.', { zeek: 'certificate.not_valid_before' }),
  certificate_not_valid_after: time('Valid until.', { zeek: 'certificate.not_valid_after' }),
  certificate_key_alg: category('Algorithm of the key.', { zeek: 'certificate.key_alg' }),
  certificate_sig_alg: category('Algorithm of the signature.', { zeek: 'certificate.sig_alg' }),
  certificate_key_type: optional(category('rsa, dsa or ecdsa.', { zeek: 'certificate.key_type' })),
  certificate_key_length: optional(count('Bits of the key.', { zeek: 'certificate.key_length' })),
  certificate_exponent: optional(string('Exponent of an RSA key.', { zeek: 'certificate.exponent' })),
  certificate_curve: optional(category('Curve of an EC key.', { zeek: 'certificate.curve' })),
  san_dns: optional(strings('DNS names.', { zeek: 'san.dns', zeekType: 'vector[string]', text: true })),
  san_uri: optional(strings('URIs.', { zeek: 'san.uri', zeekType: 'vector[string]' })),
  san_email: optional(strings('Mail addresses.', { zeek: 'san.email', zeekType: 'vector[string]' })),
  san_ip: optional(strings('Addresses.', { zeek: 'san.ip', zeekType: 'vector[addr]' })),
  basic_constraints_ca: optional(bool('It may sign others.', { zeek: 'basic_constraints.ca' })),
  basic_constraints_path_len: optional(
    count('Longest chain below it.', { zeek: 'basic_constraints.path_len' }),
  ),
  host_cert: bool('It was the first of its chain.'),
  client_cert: bool('The client sent it.'),
  ...ownConnection,
  host: own(optional(string('Server name of the handshake.'))),
});
