/** DNP3 requests and replies. Zeek's dnp3.log; IEEE 1815. */
import { category, count, optional, record } from '../schema.ts';
import { head } from './head.ts';

export const dnp3 = record('dnp3', 1, 'One row per DNP3 request with its reply, or per unsolicited reply.', {
  ...head,
  fc_request: optional(category('Function of the request.')),
  fc_reply: optional(category('Function of the reply.')),
  iin: optional(count('Internal indications of the outstation, 16 bits, the first byte the higher.')),
});
