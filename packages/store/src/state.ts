/** The state store: everything that is decided, configured or concluded; events are in the lake. */
import { ThymusError } from '@thymus/core';
import type { Breach, Device, Subnet } from '@thymus/detect';
import { type Kysely, sql } from 'kysely';
import { BreachStore, saveBreaches } from './breaches.ts';
import { asThymusError } from './data-folder.ts';
import { DeviceStore, saveDevices } from './devices.ts';
import { ModelStore } from './models.ts';
import { SecretBox } from './secrets.ts';
import { openSqlite } from './sqlite.ts';
import { migrate, STATE_VERSION, type Tables } from './tables.ts';
import { TokenStore, UserStore } from './users.ts';

export interface AuditEntry {
  id: number;
  time: number;
  username: string;
  /** What was done: "breach.acknowledge", "user.login". */
  action: string;
  target: string;
  detail: string;
}

export interface Job {
  id: number;
  kind: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  created: number;
  finished?: number;
  arguments: unknown;
  progress: unknown;
  result: unknown;
}

/** What a detector hands over when it has come to a safe point. */
export interface DetectionCheckpoint {
  /** Offset of the bus up to which everything is included. */
  position: number;
  devices: readonly Device[];
  subnets: readonly Subnet[];
  breaches: readonly Breach[];
  /** The detector's memory; left out between the larger checkpoints. */
  snapshot?: { position: number; body: Uint8Array };
}

export interface Checkpoint {
  position: number;
  time: number;
  body: Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);

export class State {
  readonly devices: DeviceStore;
  readonly breaches: BreachStore;
  readonly models: ModelStore;
  readonly users: UserStore;
  readonly tokens: TokenStore;
  readonly #db: Kysely<Tables>;

  private constructor(db: Kysely<Tables>, box: SecretBox) {
    this.#db = db;
    this.devices = new DeviceStore(db);
    this.breaches = new BreachStore(db);
    this.models = new ModelStore(db);
    this.users = new UserStore(db);
    this.tokens = new TokenStore(db, box);
  }

  /** Opens or makes the store. Throws BAD_FILE, NEWER_DATA or DISK_FULL. */
  static async open(path: string, keyPath: string): Promise<State> {
    let db: Kysely<Tables> | undefined;
    try {
      db = openSqlite<Tables>(path);
      const found = await migrate(db);
      if (found > STATE_VERSION) {
        throw new ThymusError(
          'NEWER_DATA',
          `${path} was written by a newer Thymus (version ${found}, this one knows ${STATE_VERSION}).`,
        );
      }
      return new State(db, new SecretBox(keyPath));
    } catch (error) {
      await db?.destroy();
      throw asThymusError(error, path);
    }
  }

  /** Stores a detector's conclusions and its position in one transaction; returns the pbids of new breaches. */
  async commitDetection(checkpoint: DetectionCheckpoint, now: number): Promise<number[]> {
    return this.#db.transaction().execute(async (tx) => {
      await saveDevices(tx, checkpoint.devices, checkpoint.subnets);
      const added = await saveBreaches(tx, checkpoint.breaches, now);
      const rows: Tables['checkpoint'][] = [
        { name: 'detection', position: checkpoint.position, time: now, body: NOTHING },
      ];
      if (checkpoint.snapshot) rows.push({ name: 'detector', time: now, ...checkpoint.snapshot });
      for (const row of rows) {
        const { name: _, ...changed } = row;
        await tx
          .insertInto('checkpoint')
          .values(row)
          .onConflict((c) => c.column('name').doUpdateSet(changed))
          .execute();
      }
      return added;
    });
  }

  async checkpoint(name: string): Promise<Checkpoint | undefined> {
    return this.#db
      .selectFrom('checkpoint')
      .select(['position', 'time', 'body'])
      .where('name', '=', name)
      .executeTakeFirst();
  }

  async setCheckpoint(
    name: string,
    position: number,
    time: number,
    body: Uint8Array = NOTHING,
  ): Promise<void> {
    const changed = { position, time, body };
    await this.#db
      .insertInto('checkpoint')
      .values({ name, ...changed })
      .onConflict((c) => c.column('name').doUpdateSet(changed))
      .execute();
  }

  async audit(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    await this.#db.insertInto('audit').values(entry).execute();
  }

  async auditTrail(limit = 1000): Promise<AuditEntry[]> {
    return this.#db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute();
  }

  async setting(key: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('setting')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirst();
    return row?.value;
  }

  async setSetting(key: string, value: string): Promise<void> {
    await this.#db
      .insertInto('setting')
      .values({ key, value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }))
      .execute();
  }

  async addJob(kind: string, args: unknown, now: number): Promise<number> {
    const text = JSON.stringify(args);
    const row = { kind, state: 'running', created: now, arguments: text, progress: 'null', result: 'null' };
    const { id } = await this.#db.insertInto('job').values(row).returning('id').executeTakeFirstOrThrow();
    return id;
  }

  async updateJob(
    id: number,
    change: Partial<Pick<Job, 'state' | 'finished' | 'progress' | 'result'>>,
  ): Promise<void> {
    const set = {
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.finished === undefined ? {} : { finished: change.finished }),
      ...(change.progress === undefined ? {} : { progress: JSON.stringify(change.progress) }),
      ...(change.result === undefined ? {} : { result: JSON.stringify(change.result) }),
    };
    await this.#db.updateTable('job').set(set).where('id', '=', id).execute();
  }

  /** Jobs, newest first. */
  async jobs(limit = 100): Promise<Job[]> {
    const rows = await this.#db.selectFrom('job').selectAll().orderBy('id', 'desc').limit(limit).execute();
    return rows.map(({ finished, ...row }) => ({
      ...row,
      state: row.state as Job['state'],
      arguments: JSON.parse(row.arguments),
      progress: JSON.parse(row.progress),
      result: JSON.parse(row.result),
      ...(finished === null ? {} : { finished }),
    }));
  }

  /** True if the database answers. */
  async ping(): Promise<void> {
    await sql`SELECT 1`.execute(this.#db);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}
