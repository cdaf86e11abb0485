/** NFS, mount and port mapper calls, a record of our own; RFC 1094, RFC 1813, RFC 7530, RFC 1833. */
import { category, count, interval, optional, own, record, string } from '../schema.ts';
import { head } from './head.ts';

export const nfs = record(
  'nfs',
  1,
  'One row per call that names, changes or first touches a file, or finds a service.',
  {
    ...head,
    program: own(category('nfs, mount or portmapper.')),
    version: own(count('Version of the program.')),
    procedure: own(category('What is asked for.')),
    name: own(optional(string('File, path or program that is named.', { text: true }))),
    handle: own(optional(string('Handle of the file or folder, hexadecimal, at most 64 bytes.'))),
    target: own(optional(string('New name or target of a link.', { text: true }))),
    status: own(optional(category('OK or the name of the error; unset = unanswered.'))),
    user_id: own(optional(count('User number the caller claims (AUTH_SYS).'))),
    machine: own(optional(string('Machine name the caller claims (AUTH_SYS).'))),
    rtt: own(optional(interval('From the call to the reply.'))),
  },
);
