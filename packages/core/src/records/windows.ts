/** What Windows machines ask of each other: DCE/RPC, SMB, NTLM, RDP. Zeek's logs of the same names. */
import { bool, category, count, interval, optional, record, string, strings, time } from '../schema.ts';
import { head } from './head.ts';

export const dceRpc = record('dce_rpc', 1, 'One row per remote procedure call.', {
  ...head,
  rtt: optional(interval('From the call to its answer.')),
  named_pipe: optional(string('Pipe or port that carried it.', { text: true })),
  endpoint: optional(category('Interface called.', { text: true })),
  operation: optional(category('Operation called.', { text: true })),
});

export const smbMapping = record('smb_mapping', 1, 'One row per SMB share that was opened.', {
  ...head,
  path: optional(string('Share.', { text: true })),
  service: optional(category('Kind of resource.')),
  native_file_system: optional(category('File system.')),
  share_type: optional(category('DISK, PIPE or PRINT.')),
});

export const smbFiles = record('smb_files', 1, 'One row per action on a file over SMB.', {
  ...head,
  fuid: optional(string('Identity of the file.')),
  action: optional(category('What was done.', { zeekType: 'enum' })),
  path: optional(string('Share.', { text: true })),
  name: optional(string('File.', { text: true })),
  size: optional(count('Bytes of the file.')),
  prev_name: optional(string('Name before a rename.', { text: true })),
  times_modified: optional(time('Last written.', { zeek: 'times.modified' })),
  times_accessed: optional(time('Last read.', { zeek: 'times.accessed' })),
  times_created: optional(time('Created.', { zeek: 'times.created' })),
  times_changed: optional(time('Last changed.', { zeek: 'times.changed' })),
});

export const ntlm = record('ntlm', 1, 'One row per NTLM log-in.', {
  ...head,
  username: optional(string('User.', { text: true })),
  hostname: optional(string('Machine the client says it is.', { text: true })),
  domainname: optional(string('Domain.', { text: true })),
  server_nb_computer_name: optional(string('NetBIOS name of the server.')),
  server_dns_computer_name: optional(string('DNS name of the server.')),
  server_tree_name: optional(string('Forest of the server.')),
  success: optional(bool('The log-in was accepted.')),
});

export const rdp = record('rdp', 1, 'One row per remote desktop connection.', {
  ...head,
  cookie: optional(string('Cookie, mostly the user name.', { text: true })),
  result: optional(category('How it ended.')),
  security_protocol: optional(category('Security that was agreed.')),
  client_channels: optional(strings('Channels asked for.', { zeekType: 'vector[string]' })),
  keyboard_layout: optional(category("Client's keyboard.")),
  client_build: optional(category("Client's version.")),
  client_name: optional(string("Client's name.", { text: true })),
  client_dig_product_id: optional(string("Client's product id.")),
  desktop_width: optional(count('Width of the screen.')),
  desktop_height: optional(count('Height of the screen.')),
  requested_color_depth: optional(category('Colours asked for.')),
  cert_type: optional(category('Kind of certificate.')),
  cert_count: count('Certificates seen.'),
  cert_permanent: optional(bool('The certificate is permanent.')),
  encryption_level: optional(category('Level of encryption.')),
  encryption_method: optional(category('Method of encryption.')),
});
