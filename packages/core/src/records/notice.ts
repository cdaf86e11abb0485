/** Things worth knowing that a dissector or sensor noticed. Zeek's notice.log. */
import { addr, category, count, interval, optional, port, record, string, strings } from '../schema.ts';
import { looseHead } from './head.ts';

export const notice = record('notice', 1, 'One row per notice.', {
  ...looseHead,
  fuid: optional(string('File it is about.')),
  file_mime_type: optional(category('Type of that file.')),
  file_desc: optional(string('Where that file came from.')),
  proto: optional(category('Transport.', { zeekType: 'enum' })),
  note: category('Kind of notice.', { zeekType: 'enum' }),
  msg: optional(string('What was noticed.', { text: true })),
  sub: optional(string('Detail.', { text: true })),
  src: optional(addr('Address it is about.')),
  dst: optional(addr('Address at the other end.')),
  p: optional(port('Port it is about.')),
  n: optional(count('A number that belongs to it.')),
  peer_descr: optional(category('Sensor that noticed it.')),
  actions: optional(strings('What was done.', { zeekType: 'set[enum]' })),
  suppress_for: optional(interval('How long repeats are held back.')),
});
