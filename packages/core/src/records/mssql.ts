/** Log-ins and statements to Microsoft SQL servers. MS-TDS; of our own, Zeek has no such log. */
import { bool, category, count, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const mssql = record(
  'mssql',
  1,
  'One row per SQL Server log-in, statement or remote procedure call.',
  {
    ...head,
    cmd: category('login, batch or rpc.'),
    arg: optional(string('The beginning of the statement, or the procedure called.', { text: true })),
    user: optional(string('User of the log-in; unset where Windows logs in.', { text: true })),
    host: optional(string('Machine the client says it is.', { text: true })),
    application: optional(string('Program the client says it is.', { text: true })),
    server: optional(string('Server asked for.', { text: true })),
    database: optional(string('Database asked for.', { text: true })),
    integrated: optional(bool('Windows logs in: NTLM or Kerberos.')),
    success: optional(bool('The server said that it succeeded.')),
    error: optional(count("Number of the server's error.")),
    response: optional(string("The server's error message.", { text: true })),
  },
);
