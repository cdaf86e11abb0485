/** Answers about the state of certificates. Zeek's ocsp.log; RFC 6960. */
import { category, optional, record, string, time } from '../schema.ts';
import { ownConnection } from './head.ts';

export const ocsp = record('ocsp', 1, 'One row per certificate in an OCSP response.', {
  ts: time('When the response was seen.'),
  fuid: string('Identity of the file that holds the response.', { zeek: 'id' }),
  hash_algorithm: optional(category('Algorithm of the two hashes.', { zeek: 'hashAlgorithm' })),
  issuer_name_hash: optional(string("Hash of the issuer's name.", { zeek: 'issuerNameHash' })),
  issuer_key_hash: optional(string("Hash of the issuer's key.", { zeek: 'issuerKeyHash' })),
  serial_number: optional(string('Serial number of the certificate.', { zeek: 'serialNumber' })),
  cert_status: optional(category('good, revoked or unknown.', { zeek: 'certStatus' })),
  revoke_time: optional(time('When it was revoked.', { zeek: 'revoketime' })),
  revoke_reason: optional(category('Why it was revoked.', { zeek: 'revokereason' })),
  this_update: optional(time('Since when the state is known to hold.', { zeek: 'thisUpdate' })),
  next_update: optional(time('When newer news is due.', { zeek: 'nextUpdate' })),
  ...ownConnection,
});
