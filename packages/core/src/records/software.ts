/** What software internal hosts run, as they say themselves. Zeek's software.log. */
import { addr, category, count, optional, own, port, record, string, time } from '../schema.ts';

export const software = record('software', 1, 'One row per host and version of a program.', {
  ts: time('When it was seen.'),
  host: addr('Who runs it.'),
  host_p: optional(port('Port it serves on.')),
  software_type: category('Kind of program, such as HTTP::SERVER.', { zeekType: 'enum' }),
  name: string('Name of the program.', { text: true }),
  version_major: optional(count('First part of the version.', { zeek: 'version.major' })),
  version_minor: optional(count('Second part of the version.', { zeek: 'version.minor' })),
  version_minor2: optional(count('Third part of the version.', { zeek: 'version.minor2' })),
  version_minor3: optional(count('Fourth part of the version.', { zeek: 'version.minor3' })),
  version_addl: optional(string('What else belongs to the version.', { zeek: 'version.addl' })),
  unparsed_version: optional(string('The text it was read from.', { text: true })),
  uid: own(optional(string('Connection it was seen in.'))),
});
