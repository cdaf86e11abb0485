/** Kerberos tickets. Zeek's kerberos.log; RFC 4120. */
import { bool, category, optional, record, string, time } from '../schema.ts';
import { head } from './head.ts';

export const kerberos = record('kerberos', 1, 'One row per Kerberos request and its reply.', {
  ...head,
  request_type: optional(category('AS or TGS.')),
  client: optional(string('Principal that asks, with its realm.', { text: true })),
  service: optional(string('Service asked for.', { text: true })),
  success: optional(bool('The request was granted.')),
  error_msg: optional(category('Reason of a refusal.')),
  from: optional(time('Ticket valid from.')),
  till: optional(time('Ticket valid until.')),
  cipher: optional(category('Encryption of the ticket.')),
  forwardable: optional(bool('A forwardable ticket was asked for.')),
  renewable: optional(bool('A renewable ticket was asked for.')),
  client_cert_subject: optional(string("Subject of the client's certificate.")),
  client_cert_fuid: optional(string("File id of the client's certificate.")),
  server_cert_subject: optional(string("Subject of the server's certificate.")),
  server_cert_fuid: optional(string("File id of the server's certificate.")),
});
