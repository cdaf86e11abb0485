/** SIP requests with their replies. Zeek's sip.log; RFC 3261. */
import { category, count, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

const path = { zeekType: 'vector[string]' } as const;

export const sip = record(
  'sip',
  1,
  'One row per SIP reply with its request, or per request without a reply.',
  {
    ...head,
    trans_depth: count('Always 0; kept for readers of such logs.'),
    method: optional(category('Method of the request.')),
    uri: optional(string('Who is called.', { text: true })),
    date: optional(string('Date of the request.')),
    request_from: optional(string('From of the request, without its tag.', { text: true })),
    request_to: optional(string('To of the request.', { text: true })),
    response_from: optional(string('From of the reply, without its tag.')),
    response_to: optional(string('To of the reply.')),
    reply_to: optional(string('Reply-To of the request.')),
    call_id: optional(string('Call-ID of the request.')),
    seq: optional(string('CSeq of the request.')),
    subject: optional(string('Subject of the request.')),
    request_path: optional(strings('Hops of the request (Via).', path)),
    response_path: optional(strings('Hops of the reply (Via).', path)),
    user_agent: optional(string('Program of the client.', { text: true })),
    status_code: optional(count('Status of the reply.')),
    status_msg: optional(string('Text of the status.')),
    warning: optional(string('Warning of the reply.')),
    request_body_len: optional(count('Content-Length of the request.')),
    response_body_len: optional(count('Content-Length of the reply.')),
    content_type: optional(string('Content-Type of the reply.')),
  },
);
