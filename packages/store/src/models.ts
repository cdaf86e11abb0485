/** Models with the ids that the API shows: pid for ever, phid per version, cid per component. */
import type { Model } from '@thymus/detect';
import type { Kysely } from 'kysely';
import { sha256 } from './secrets.ts';
import type { Tables } from './tables.ts';

export interface StoredModel {
  pid: number;
  phid: number;
  /** The same on every installation. */
  uuid: string;
  version: number;
  /** Last change, ms since the epoch. */
  modified: number;
  active: boolean;
  /** Component ids, in the order of `model.components`. */
  cids: number[];
  model: Model;
}

/** A stable UUID (version 8, RFC 9562) from the name of a model. */
export function modelUuid(name: string): string {
  const h = sha256(`thymus model ${name}`);
  const variant = '89ab'[Number.parseInt(h[16]!, 16) & 3];
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** A version of a model, without what it said. */
export interface ModelVersion {
  phid: number;
  pid: number;
  version: number;
  modified: number;
}

export class ModelStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Makes the shipped models known: new ones get ids, changed ones a new version. */
  async register(models: readonly Model[], now: number): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      for (const model of models) {
        const uuid = modelUuid(model.name);
        const body = JSON.stringify(model);
        const known = await tx.selectFrom('model').selectAll().where('uuid', '=', uuid).executeTakeFirst();
        if (known?.body === body) continue;
        const last = await tx
          .selectFrom('model_version')
          .select((e) => e.fn.max('phid').as('phid'))
          .executeTakeFirst();
        const values = { name: model.name, phid: (last?.phid ?? 0) + 1, modified: now, body };
        const row = known
          ? await tx
              .updateTable('model')
              .set({ ...values, version: known.version + 1 })
              .where('pid', '=', known.pid)
              .returning('pid')
              .executeTakeFirstOrThrow()
          : await tx
              .insertInto('model')
              .values({ ...values, uuid, version: 1, active: 1 })
              .returning('pid')
              .executeTakeFirstOrThrow();
        const version = {
          pid: row.pid,
          version: (known?.version ?? 0) + 1,
          phid: values.phid,
          modified: now,
          body,
        };
        await tx.insertInto('model_version').values(version).execute();
        for (let position = 0; position < model.components.length; position++) {
          const component = { pid: row.pid, position };
          await tx
            .insertInto('component')
            .values(component)
            .onConflict((c) => c.doNothing())
            .execute();
        }
      }
    });
  }

  async list(): Promise<StoredModel[]> {
    const rows = await this.#db.selectFrom('model').selectAll().orderBy('pid').execute();
    const components = await this.#db
      .selectFrom('component')
      .selectAll()
      .orderBy('pid')
      .orderBy('position')
      .execute();
    const cids = Map.groupBy(components, (c) => c.pid);
    return rows.map((row) => ({
      pid: row.pid,
      phid: row.phid,
      uuid: row.uuid,
      version: row.version,
      modified: row.modified,
      active: row.active === 1,
      cids: (cids.get(row.pid) ?? []).map((c) => c.cid),
      model: JSON.parse(row.body) as Model,
    }));
  }

  /** All versions that models ever had, by phid. */
  async versions(): Promise<Map<number, ModelVersion>> {
    const columns = ['phid', 'pid', 'version', 'modified'] as const;
    const rows = await this.#db.selectFrom('model_version').select(columns).execute();
    return new Map(rows.map((row) => [row.phid, row]));
  }
}
