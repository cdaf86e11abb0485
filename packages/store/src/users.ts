/** Users, their sessions and API tokens. */
import type { Kysely } from 'kysely';
import { randomToken, type SecretBox, sha256 } from './secrets.ts';
import type { Tables } from './tables.ts';

export interface User {
  id: number;
  username: string;
  permissions: string[];
  mustChange: boolean;
  created: number;
  lastLogin?: number;
}

export interface Credentials {
  user: User;
  /** As `hashPassword` gave it. */
  password: string;
  failures: number;
  lockedUntil: number;
}

export interface Session {
  user: User;
  csrf: string;
  created: number;
  lastSeen: number;
}

export interface ApiToken {
  /** 40 lower-case letters and digits. */
  public: string;
  name: string;
  /** Owner, or undefined for a global token. */
  username?: string;
  created: number;
  lastUsed?: number;
  lastAddress?: string;
}

type UserRow = Omit<Tables['user'], 'id'> & { id: number };

const toUser = (row: UserRow): User => ({
  id: row.id,
  username: row.username,
  permissions: JSON.parse(row.permissions) as string[],
  mustChange: row.must_change === 1,
  created: row.created,
  ...(row.last_login === null ? {} : { lastLogin: row.last_login }),
});

export class UserStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async list(): Promise<User[]> {
    return (await this.#db.selectFrom('user').selectAll().orderBy('username').execute()).map(toUser);
  }

  async find(username: string): Promise<Credentials | undefined> {
    const row = await this.#db
      .selectFrom('user')
      .selectAll()
      .where('username', '=', username)
      .executeTakeFirst();
    return (
      row && {
        user: toUser(row),
        password: row.password,
        failures: row.failures,
        lockedUntil: row.locked_until,
      }
    );
  }

  /** Adds a user; undefined if the name is taken. */
  async add(user: {
    username: string;
    password: string;
    permissions: readonly string[];
    mustChange: boolean;
    now: number;
  }): Promise<User | undefined> {
    const row = await this.#db
      .insertInto('user')
      .values({
        username: user.username,
        password: user.password,
        permissions: JSON.stringify(user.permissions),
        must_change: user.mustChange ? 1 : 0,
        created: user.now,
        failures: 0,
        locked_until: 0,
      })
      .onConflict((c) => c.column('username').doNothing())
      .returningAll()
      .executeTakeFirst();
    return row && toUser(row);
  }

  /** Sets a password, lifts a lock and ends the user's sessions. */
  async setPassword(id: number, password: string, mustChange: boolean): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx
        .updateTable('user')
        .set({ password, must_change: mustChange ? 1 : 0, failures: 0, locked_until: 0 })
        .where('id', '=', id)
        .execute();
      await tx.deleteFrom('session').where('user_id', '=', id).execute();
    });
  }

  async noteFailure(id: number, failures: number, lockedUntil: number): Promise<void> {
    await this.#db
      .updateTable('user')
      .set({ failures, locked_until: lockedUntil })
      .where('id', '=', id)
      .execute();
  }

  async noteLogin(id: number, now: number): Promise<void> {
    const set = { failures: 0, locked_until: 0, last_login: now };
    await this.#db.updateTable('user').set(set).where('id', '=', id).execute();
  }

  /** Opens a session; returns the secret for the cookie, of which only a hash is kept. */
  async openSession(
    user: User,
    now: number,
    address: string,
    agent: string,
  ): Promise<{ secret: string; csrf: string }> {
    const [secret, csrf] = [randomToken(50), randomToken(40)];
    const row = {
      hash: sha256(secret),
      user_id: user.id,
      csrf,
      created: now,
      last_seen: now,
      address,
      agent,
    };
    await this.#db.insertInto('session').values(row).execute();
    return { secret, csrf };
  }

  /**
   * The session of a cookie that began after `createdAfter` and was used after `seenAfter`; notes the use, unless
   * asked not to.
   */
  async session(
    secret: string,
    now: number,
    createdAfter: number,
    seenAfter: number,
    isUse = true,
  ): Promise<Session | undefined> {
    const row = await this.#db
      .selectFrom('session')
      .innerJoin('user', 'user.id', 'session.user_id')
      .selectAll('user')
      .select(['session.csrf', 'session.created as opened', 'session.last_seen'])
      .where('hash', '=', sha256(secret))
      .where('session.created', '>', createdAfter)
      .where('session.last_seen', '>', seenAfter)
      .executeTakeFirst();
    if (!row) return undefined;
    if (isUse && now - row.last_seen > 60_000) {
      await this.#db
        .updateTable('session')
        .set({ last_seen: now })
        .where('hash', '=', sha256(secret))
        .execute();
    }
    return { user: toUser(row), csrf: row.csrf, created: row.opened, lastSeen: row.last_seen };
  }

  async closeSession(secret: string): Promise<void> {
    await this.#db.deleteFrom('session').where('hash', '=', sha256(secret)).execute();
  }
}

export class TokenStore {
  readonly #db: Kysely<Tables>;
  readonly #box: SecretBox;

  constructor(db: Kysely<Tables>, box: SecretBox) {
    this.#db = db;
    this.#box = box;
  }

  /** Makes a token pair; the private one is shown now and never again. */
  async create(
    name: string,
    userId: number | undefined,
    now: number,
  ): Promise<{ public: string; private: string }> {
    const pair = { public: randomToken(40), private: randomToken(40) };
    const row = {
      public: pair.public,
      sealed: this.#box.seal(pair.private),
      name,
      user_id: userId ?? null,
      created: now,
    };
    await this.#db.insertInto('api_token').values(row).execute();
    return pair;
  }

  /** The private token of a public one and the user it acts for (undefined = global). */
  async find(publicToken: string): Promise<{ private: string; user?: User } | undefined> {
    const row = await this.#db
      .selectFrom('api_token')
      .select(['sealed', 'user_id'])
      .where('public', '=', publicToken)
      .executeTakeFirst();
    if (!row) return undefined;
    const found = { private: this.#box.open(row.sealed) };
    if (row.user_id === null) return found;
    const user = await this.#db
      .selectFrom('user')
      .selectAll()
      .where('id', '=', row.user_id)
      .executeTakeFirst();
    return user && { ...found, user: toUser(user) };
  }

  async noteUse(publicToken: string, now: number, address: string): Promise<void> {
    const set = { last_used: now, last_address: address };
    await this.#db.updateTable('api_token').set(set).where('public', '=', publicToken).execute();
  }

  async list(): Promise<ApiToken[]> {
    const rows = await this.#db
      .selectFrom('api_token')
      .leftJoin('user', 'user.id', 'api_token.user_id')
      .select(['public', 'name', 'username', 'api_token.created', 'last_used', 'last_address'])
      .orderBy('api_token.created')
      .execute();
    return rows.map((row) => ({
      public: row.public,
      name: row.name,
      created: row.created,
      ...(row.username === null ? {} : { username: row.username }),
      ...(row.last_used === null ? {} : { lastUsed: row.last_used }),
      ...(row.last_address === null ? {} : { lastAddress: row.last_address }),
    }));
  }

  async revoke(publicToken: string): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('api_token')
      .where('public', '=', publicToken)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }
}
