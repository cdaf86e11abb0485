/** Kysely on the SQLite that comes with Node. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';

/** Opens a database for Kysely; WAL, every transaction on disk. */
export function openSqlite<Tables>(path: string): Kysely<Tables> {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000',
  );
  return new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: {
        close: () => db.close(),
        prepare(sql) {
          const statement = db.prepare(sql);
          return {
            reader: statement.columns().length > 0,
            all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
            run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
            iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
          };
        },
      },
    }),
  });
}
