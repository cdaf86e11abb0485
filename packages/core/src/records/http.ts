/** HTTP requests with their replies. Zeek's http.log; RFC 9110, RFC 9112. */
import { category, count, optional, own, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

const list = { zeekType: 'vector[string]' };

export const http = record('http', 3, 'One row per HTTP request and its reply.', {
  ...head,
  trans_depth: count('Number of the request within its connection, from 1.'),
  method: optional(category('Method of the request.')),
  host: optional(string('Host header.', { text: true })),
  uri: optional(string('Target of the request.', { text: true })),
  referrer: optional(string('Referer header.', { text: true })),
  version: optional(category('Version of the protocol, from the reply.')),
  user_agent: optional(string('User-Agent header.', { text: true })),
  origin: optional(string('Origin header.')),
  request_body_len: count('Bytes of the request body, unpacked where it was sent compressed.'),
  response_body_len: count('Bytes of the reply body, unpacked where it was sent compressed.'),
  status_code: optional(count('Status of the reply.')),
  status_msg: optional(string('Reason phrase of the reply.')),
  info_code: optional(count('Last 1xx status.')),
  info_msg: optional(string('Reason phrase of the last 1xx status.')),
  tags: strings('Marks of detection logic.', { zeekType: 'set[enum]' }),
  username: optional(string('User of basic authentication.')),
  password: optional(string('Never set: passwords are not recorded, as in Zeek unless it is told to.')),
  proxied: optional(strings('Headers that tell of a proxy.', { zeekType: 'set[string]' })),
  orig_fuids: optional(strings('Ids of files sent by the originator.', list)),
  orig_filenames: optional(strings('Names of files sent by the originator.', list)),
  orig_mime_types: optional(strings('Types, by content, of files sent by the originator.', list)),
  resp_fuids: optional(strings('Ids of files sent by the responder.', list)),
  resp_filenames: optional(strings('Names of files sent by the responder.', list)),
  resp_mime_types: optional(strings('Types, by content, of files sent by the responder.', list)),
  server: own(optional(string('Server header of the reply.', { text: true }))),
  uri_vars: own(optional(strings('Names of the variables in the query of the target.', list))),
});
