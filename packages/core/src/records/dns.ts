/** DNS queries with their answers. Zeek's dns.log; RFC 1035. */
import { bool, category, count, interval, intervals, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

export const dns = record('dns', 1, 'One row per DNS query, with its answer where one was seen.', {
  ...head,
  proto: category('Transport.', { zeekType: 'enum' }),
  trans_id: optional(count('Transaction number of the query.')),
  rtt: optional(interval('From the query to the first answer.')),
  query: optional(string('Name asked for.', { text: true })),
  qclass: optional(count('Class of the question, as a number.')),
  qclass_name: optional(category('Class of the question.')),
  qtype: optional(count('Type of the question, as a number.')),
  qtype_name: optional(category('Type of the question.')),
  rcode: optional(count('Response code, as a number.')),
  rcode_name: optional(category('Response code.')),
  AA: bool('An answer was given, and it is authoritative.'),
  TC: bool('The query was cut.'),
  RD: bool('Recursion was asked for.'),
  RA: bool('An answer was given, and recursion is available.'),
  Z: count('The reserved bits of the query, AD and CD among them.'),
  answers: optional(strings('The answers, as text, in order.', { zeekType: 'vector[string]', text: true })),
  TTLs: optional(intervals('How long each answer may be kept.', { zeekType: 'vector[interval]' })),
  rejected: bool('The server refused the query.'),
  opcode: optional(count('Kind of query, 0 = standard.')),
  opcode_name: optional(category('Kind of query: query, notify, dynamic-update and so on.')),
});
