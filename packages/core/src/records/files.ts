/** Files seen in transfer. Zeek's files.log. */
import { bool, category, count, double, interval, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

export const files = record('files', 1, 'One row per file seen in transfer.', {
  ts: head.ts,
  fuid: string('Identity of the file.'),
  uid: optional(head.uid),
  source_ip: optional(head.source_ip),
  source_port: optional(head.source_port),
  dest_ip: optional(head.dest_ip),
  dest_port: optional(head.dest_port),
  source: optional(category('Protocol that carried it.')),
  depth: count('Depth within its carrier.'),
  analyzers: optional(strings('What looked at it.', { zeekType: 'set[string]' })),
  mime_type: optional(category('Type by content.')),
  filename: optional(string('Name.', { text: true })),
  duration: optional(interval('From the first to the last byte.')),
  local_orig: optional(bool('The sender of the connection is internal.')),
  is_orig: optional(bool('The originator sent it.')),
  seen_bytes: count('Bytes seen.'),
  total_bytes: optional(count('Bytes it should have.')),
  missing_bytes: count('Bytes missed.'),
  overflow_bytes: count('Bytes held back and dropped.'),
  timedout: bool('It timed out.'),
  parent_fuid: optional(string('File it came out of.')),
  md5: optional(string('MD5.')),
  sha1: optional(string('SHA-1.')),
  sha256: optional(string('SHA-256.')),
  extracted: optional(string('Where it was written.')),
  extracted_cutoff: optional(bool('The written file was cut.')),
  extracted_size: optional(count('Bytes written, where the written file was cut.')),
  entropy: optional(double('Entropy of its bytes, bits per byte.')),
});
