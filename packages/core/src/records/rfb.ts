/** Remote frame buffers (VNC). Zeek's rfb.log; RFC 6143. */
import { bool, category, count, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const rfb = record('rfb', 1, 'One row per VNC connection.', {
  ...head,
  client_major_version: optional(category('Major version of the client.')),
  client_minor_version: optional(category('Minor version of the client.')),
  server_major_version: optional(category('Major version of the server.')),
  server_minor_version: optional(category('Minor version of the server.')),
  authentication_method: optional(category('How the client proves who it is.')),
  auth: optional(bool('The log-in was accepted; unset = nothing was said.')),
  share_flag: optional(bool('The client lets others share the screen.')),
  desktop_name: optional(string('Name of the screen.', { text: true })),
  width: optional(count('Width of the screen.')),
  height: optional(count('Height of the screen.')),
});
