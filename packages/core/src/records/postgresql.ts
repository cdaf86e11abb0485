/** Messages between PostgreSQL clients and servers. Zeek's postgresql.log. */
import { bool, category, count, optional, record, string } from '../schema.ts';
import { head } from './head.ts';

export const postgresql = record('postgresql', 1, 'One row per PostgreSQL log-in or query.', {
  ...head,
  user: optional(string('User of the log-in.', { text: true })),
  database: optional(string('Database of the log-in.', { text: true })),
  application_name: optional(string('What the client calls itself.', { text: true })),
  frontend: optional(category('Message of the client: ssl_request, startup, simple_query, terminate.')),
  frontend_arg: optional(string('Its argument: the statement of a query.', { text: true })),
  backend: optional(category('Messages of the server: ssl_reply, auth_request, auth_ok, error.')),
  backend_arg: optional(string('Their arguments: way of log-in, parts of an error.', { text: true })),
  success: optional(bool('The server said that it succeeded.')),
  rows: optional(count('Rows returned.')),
});
