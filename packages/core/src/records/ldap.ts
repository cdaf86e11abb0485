/** Questions to and changes of directories. Zeek's ldap.log and ldap_search.log; RFC 4511. */
import { category, count, optional, record, string, strings } from '../schema.ts';
import { head } from './head.ts';

export const ldap = record('ldap', 1, 'One row per LDAP operation other than searches.', {
  ...head,
  message_id: optional(count('Number of the request.', { zeekType: 'int' })),
  version: optional(count('Version of LDAP, told by binds.', { zeekType: 'int' })),
  opcode: optional(category('Operation.')),
  result: optional(category('How it ended.')),
  diagnostic_message: optional(string('What the server says about it.', { text: true })),
  object: optional(string('Name bound as, entry acted on or operation asked for.', { text: true })),
  argument: optional(string('Mechanism of a bind, changes of an entry; never a password.', { text: true })),
});

export const ldapSearch = record('ldap_search', 1, 'One row per LDAP search.', {
  ...head,
  message_id: optional(count('Number of the request.', { zeekType: 'int' })),
  scope: optional(category('How deep: base, single or tree.')),
  deref_aliases: optional(category('Whether aliases are followed.')),
  base_object: optional(string('Entry that the search begins at.', { text: true })),
  result_count: optional(count('Entries found.')),
  result: optional(category('How it ended.')),
  diagnostic_message: optional(string('What the server says about it.', { text: true })),
  filter: optional(string('What was searched for.', { text: true })),
  attributes: optional(
    strings('Attributes asked for; as in Zeek not filled.', { zeekType: 'vector[string]' }),
  ),
});
