/** Commands to MySQL and MariaDB servers. Zeek's mysql.log. */
import { bool, category, count, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const mysql = record('mysql', 1, 'One row per MySQL log-in or command.', {
  ...head,
  cmd: category('What was asked: login, query, init_db and so on.'),
  arg: string('Its argument: the user of a log-in, the statement of a query.', { text: true }),
  success: optional(bool('The server said that it succeeded.')),
  rows: optional(count('Rows changed; 0 for a result that was returned.')),
  response: optional(string("The server's message, for errors.", { text: true })),
});
