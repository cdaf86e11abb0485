/** The tables of the state store and the migrations that lead to them. */
import { type Generated, type Kysely, sql } from 'kysely';

export interface Tables {
  user: {
    id: Generated<number>;
    username: string;
    /** argon2id with its parameters, as one text. */
    password: string;
    /** JSON list of permissions. */
    permissions: string;
    must_change: number;
    created: number;
    last_login: number | null;
    failures: number;
    locked_until: number;
  };
  session: {
    /** SHA-256 of the cookie. */
    hash: string;
    user_id: number;
    csrf: string;
    created: number;
    last_seen: number;
    address: string;
    agent: string;
  };
  api_token: {
    public: string;
    /** The private token, sealed with the folder's key. */
    sealed: Uint8Array;
    name: string;
    user_id: number | null;
    created: number;
    last_used: number | null;
    last_address: string | null;
  };
  device: {
    did: number;
    ip: string | null;
    mac: string | null;
    hostname: string | null;
    sid: number;
    first_seen: number;
    last_seen: number;
    score: number;
    label: string | null;
    priority: number;
    /** Type chosen by a person, or null. */
    chosen_type: string | null;
    /** The tracked device as JSON. */
    body: string;
  };
  subnet: { sid: number; body: string };
  model: {
    pid: Generated<number>;
    uuid: string;
    name: string;
    version: number;
    /** History id: one per version. */
    phid: number;
    modified: number;
    active: number;
    body: string;
  };
  /** What each version of a model was, for breaches of before. */
  model_version: { phid: number; pid: number; version: number; modified: number; body: string };
  component: { cid: Generated<number>; pid: number; position: number };
  breach: {
    pbid: Generated<number>;
    key: string;
    pid: number;
    /** Version of the model that breached. */
    phid: number;
    did: number;
    time: number;
    creation_time: number;
    score: number;
    pbscore: number;
    category: string;
    priority: number;
    suppressed: number;
    acknowledged: number | null;
    acknowledged_by: string | null;
    comments: number;
    /** The whole breach as JSON: model then, parts, components. */
    body: string;
  };
  comment: { id: Generated<number>; pbid: number; time: number; username: string; message: string };
  audit: {
    id: Generated<number>;
    time: number;
    username: string;
    action: string;
    target: string;
    detail: string;
  };
  setting: { key: string; value: string };
  job: {
    id: Generated<number>;
    kind: string;
    state: string;
    created: number;
    finished: number | null;
    arguments: string;
    progress: string;
    result: string;
  };
  checkpoint: { name: string; position: number; time: number; body: Uint8Array };
}

type Migration = (db: Kysely<Tables>) => Promise<void>;

/** Each entry leads from its index to the next version. Never edited once released, only added to. */
const MIGRATIONS: readonly Migration[] = [
  async (db) => {
    const statements = [
      `CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
        permissions TEXT NOT NULL, must_change INTEGER NOT NULL, created REAL NOT NULL, last_login REAL,
        failures INTEGER NOT NULL DEFAULT 0, locked_until REAL NOT NULL DEFAULT 0)`,
      `CREATE TABLE session (hash TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
        csrf TEXT NOT NULL, created REAL NOT NULL, last_seen REAL NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL)`,
      `CREATE TABLE api_token (public TEXT PRIMARY KEY, sealed BLOB NOT NULL, name TEXT NOT NULL,
        user_id INTEGER REFERENCES user(id) ON DELETE CASCADE, created REAL NOT NULL, last_used REAL, last_address TEXT)`,
      `CREATE TABLE device (did INTEGER PRIMARY KEY, ip TEXT, mac TEXT, hostname TEXT, sid INTEGER NOT NULL,
        first_seen REAL NOT NULL, last_seen REAL NOT NULL, score REAL NOT NULL, label TEXT,
        priority INTEGER NOT NULL DEFAULT 0, chosen_type TEXT, body TEXT NOT NULL)`,
      'CREATE INDEX device_ip ON device (ip)',
      'CREATE INDEX device_mac ON device (mac)',
      'CREATE TABLE subnet (sid INTEGER PRIMARY KEY, body TEXT NOT NULL)',
      `CREATE TABLE model (pid INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version INTEGER NOT NULL,
        phid INTEGER NOT NULL, modified REAL NOT NULL, active INTEGER NOT NULL DEFAULT 1, body TEXT NOT NULL)`,
      `CREATE TABLE component (cid INTEGER PRIMARY KEY, pid INTEGER NOT NULL REFERENCES model(pid) ON DELETE CASCADE,
        position INTEGER NOT NULL, UNIQUE (pid, position))`,
      `CREATE TABLE breach (pbid INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, pid INTEGER NOT NULL,
        did INTEGER NOT NULL, time REAL NOT NULL, creation_time REAL NOT NULL, score REAL NOT NULL, pbscore REAL NOT NULL,
        category TEXT NOT NULL, priority INTEGER NOT NULL, suppressed INTEGER NOT NULL, acknowledged REAL,
        acknowledged_by TEXT, comments INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL)`,
      'CREATE INDEX breach_time ON breach (time)',
      'CREATE INDEX breach_creation ON breach (creation_time)',
      'CREATE INDEX breach_did ON breach (did, time)',
      `CREATE TABLE comment (id INTEGER PRIMARY KEY, pbid INTEGER NOT NULL REFERENCES breach(pbid) ON DELETE CASCADE,
        time REAL NOT NULL, username TEXT NOT NULL, message TEXT NOT NULL)`,
      'CREATE INDEX comment_pbid ON comment (pbid)',
      `CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, username TEXT NOT NULL,
        action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL)`,
      'CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
      `CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL,
        finished REAL, arguments TEXT NOT NULL, progress TEXT NOT NULL, result TEXT NOT NULL)`,
      'CREATE TABLE checkpoint (name TEXT PRIMARY KEY, position INTEGER NOT NULL, time REAL NOT NULL, body BLOB NOT NULL)',
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
  async (db) => {
    const statements = [
      `CREATE TABLE model_version (phid INTEGER PRIMARY KEY, pid INTEGER NOT NULL REFERENCES model(pid) ON DELETE CASCADE,
        version INTEGER NOT NULL, modified REAL NOT NULL, body TEXT NOT NULL)`,
      'INSERT INTO model_version SELECT phid, pid, version, modified, body FROM model',
      'ALTER TABLE breach ADD COLUMN phid INTEGER NOT NULL DEFAULT 0',
      'UPDATE breach SET phid = coalesce((SELECT phid FROM model WHERE model.pid = breach.pid), 0)',
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
];

export const STATE_VERSION = MIGRATIONS.length;

/** Brings a database to the current version; returns the version it had. A newer one is left alone. */
export async function migrate(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(db);
  const found = rows[0]?.user_version ?? 0;
  for (let version = found; version < STATE_VERSION; version++) {
    await db.transaction().execute(async (transaction) => {
      await MIGRATIONS[version]!(transaction);
      await sql.raw(`PRAGMA user_version=${version + 1}`).execute(transaction);
    });
  }
  return found;
}
