/** One chDB session on one folder: statements with bound parameters, and inserts of whole blocks. */
import { rm, unlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { drainPending, Session } from 'chdb';
import { FrontError } from './front-error.ts';
import { toNative } from './native.ts';
import { makeScratch } from './scratch.ts';

const INSERT = /^\s*INSERT\s+INTO\s+([\w.`]+)\s*\(([^)]*)\)\s*(SETTINGS\s+.*?)?\s*FORMAT\s+(\w+)\s*$/is;

export class Engine {
  readonly #session: Session;
  readonly #scratch: string;
  readonly #structures = new Map<string, Promise<Map<string, string>>>();
  #files = 0;

  private constructor(session: Session, scratch: string) {
    this.#session = session;
    this.#scratch = scratch;
  }

  /** Opens the folder; throws the engine's own error where another process has it. */
  static async open(folder: string, configFile: string): Promise<Engine> {
    const session = new Session(folder, { connectionArgs: [`--config-file=${configFile}`] });
    return new Engine(session, await makeScratch(folder));
  }

  /** Runs a statement; the answer is in the format that the statement names. */
  async query(sql: string, params: Readonly<Record<string, string>>): Promise<Uint8Array> {
    if (/^\s*(ALTER|CREATE|DROP|RENAME)\b/i.test(sql)) this.#structures.clear();
    const isBound = Object.keys(params).length > 0;
    // Bound statements run one after the other inside the binding; unbound ones side by side.
    const result = isBound
      ? await this.#session.queryBindAsync(sql, params)
      : await this.#session.queryAsync(sql);
    return result.bytes();
  }

  /** `INSERT INTO t (columns) [SETTINGS …] FORMAT F` with the rows in `body`: all of them are on disk, or none. */
  async insert(sql: string, body: Uint8Array): Promise<void> {
    const [, table, columns, settings = '', format] = INSERT.exec(sql) ?? [];
    if (!table || !columns) throw new FrontError(36, 'An insert must name its table, columns and format.');
    const names = columns.split(',').map((name) => name.trim().replaceAll('`', ''));
    const types = await this.#structure(table);
    const named = names.map((name) => ({ name, type: types.get(name) ?? 'String' }));
    const structure = named.map(({ name, type }) => `\`${name}\` ${type}`).join(', ');
    // What cannot be turned into columns is the engine's to refuse.
    const native = format === 'RowBinary' ? toNative(body, named) : undefined;
    const file = join(this.#scratch, `${this.#files++}.block`);
    try {
      await writeFile(file, native ?? body, { mode: 0o600 });
      await this.#session.queryAsync(
        `INSERT INTO ${table} (${columns}) ${settings} SELECT * FROM file(${quote(file)}, ${quote(native ? 'Native' : format!)}, ${quote(structure)})`,
      );
    } finally {
      await unlink(file).catch(() => undefined);
    }
  }

  /** Waits for what runs, then gives the folder free. Closing with work in flight would abort the engine. */
  async close(): Promise<void> {
    await drainPending();
    this.#session.close();
    await drainPending();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  #structure(table: string): Promise<Map<string, string>> {
    const known = this.#structures.get(table);
    if (known) return known;
    const asked = this.#session.queryAsync(`DESCRIBE TABLE ${table} FORMAT TSVRaw`).then((result) => {
      const lines = result.text().trim().split('\n');
      return new Map(lines.map((line) => line.split('\t').slice(0, 2) as [string, string]));
    });
    this.#structures.set(table, asked);
    asked.catch(() => this.#structures.delete(table));
    return asked;
  }
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The version of the engine's package, for the log. */
export const engineVersion = (): string =>
  (createRequire(import.meta.url)('chdb/package.json') as { version: string }).version;
