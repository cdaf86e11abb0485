/** Model breaches: stored once per key, found by time, device, model and score; acknowledged and commented. */
import type { Breach } from '@thymus/detect';
import { type Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import { modelUuid } from './models.ts';
import type { Tables } from './tables.ts';

export interface StoredBreach extends Breach {
  pbid: number;
  pid: number;
  /** Version of the model that breached. */
  phid: number;
  /** When it was recorded, ms since the epoch. */
  creationTime: number;
  acknowledged?: { time: number; username: string };
  commentCount: number;
}

export interface BreachFilter {
  /** Window, ms, both ends inclusive; over `time` or, with `byCreation`, over creationTime. */
  from?: number;
  to?: number;
  byCreation?: boolean;
  minScore?: number;
  did?: readonly number[];
  pid?: readonly number[];
  pbid?: readonly number[];
  uuid?: readonly string[];
  includeAcknowledged?: boolean;
  includeSuppressed?: boolean;
  limit?: number;
}

export interface Comment {
  id: number;
  pbid: number;
  time: number;
  username: string;
  message: string;
}

function fromRow(row: Omit<Tables['breach'], 'pbid'> & { pbid: number }): StoredBreach {
  return {
    ...(JSON.parse(row.body) as Breach),
    pbid: row.pbid,
    pid: row.pid,
    phid: row.phid,
    creationTime: row.creation_time,
    score: row.score,
    pbscore: row.pbscore,
    suppressed: row.suppressed === 1,
    commentCount: row.comments,
    ...(row.acknowledged === null
      ? {}
      : { acknowledged: { time: row.acknowledged, username: row.acknowledged_by ?? '' } }),
  };
}

type Query<O> = SelectQueryBuilder<Tables, 'breach', O>;

function where<O>(query: Query<O>, filter: BreachFilter): Query<O> {
  const clock = filter.byCreation ? 'creation_time' : 'time';
  let q = query;
  if (filter.from !== undefined) q = q.where(clock, '>=', filter.from);
  if (filter.to !== undefined) q = q.where(clock, '<=', filter.to);
  if (filter.minScore !== undefined) q = q.where('score', '>=', filter.minScore);
  if (filter.did) q = q.where('did', 'in', filter.did);
  if (filter.pid) q = q.where('pid', 'in', filter.pid);
  if (filter.pbid) q = q.where('pbid', 'in', filter.pbid);
  const { uuid } = filter;
  if (uuid) q = q.where('pid', 'in', (e) => e.selectFrom('model').select('pid').where('uuid', 'in', uuid));
  if (!filter.includeAcknowledged) q = q.where('acknowledged', 'is', null);
  if (!filter.includeSuppressed) q = q.where('suppressed', '=', 0);
  return q;
}

export class BreachStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Matching breaches, ascending by time. */
  async list(filter: BreachFilter = {}): Promise<StoredBreach[]> {
    const query = where(this.#db.selectFrom('breach').selectAll(), filter);
    const rows = await query
      .orderBy('time')
      .orderBy('pbid')
      .limit(filter.limit ?? 1_000_000)
      .execute();
    return rows.map(fromRow);
  }

  async get(pbid: number): Promise<StoredBreach | undefined> {
    const row = await this.#db.selectFrom('breach').selectAll().where('pbid', '=', pbid).executeTakeFirst();
    return row && fromRow(row);
  }

  async count(filter: BreachFilter = {}): Promise<number> {
    const query = where(this.#db.selectFrom('breach'), filter);
    const row = await query.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirst();
    return row?.n ?? 0;
  }

  /** Sets or clears the acknowledgement; false if there is no such breach. */
  async acknowledge(pbid: number, by: { time: number; username: string } | undefined): Promise<boolean> {
    const result = await this.#db
      .updateTable('breach')
      .set({ acknowledged: by?.time ?? null, acknowledged_by: by?.username ?? null })
      .where('pbid', '=', pbid)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async comments(filter: { pbid?: number; from?: number; to?: number; limit?: number }): Promise<Comment[]> {
    let query = this.#db.selectFrom('comment').selectAll().orderBy('time').orderBy('id');
    if (filter.pbid !== undefined) query = query.where('pbid', '=', filter.pbid);
    if (filter.from !== undefined) query = query.where('time', '>=', filter.from);
    if (filter.to !== undefined) query = query.where('time', '<=', filter.to);
    return query.limit(filter.limit ?? 100_000).execute();
  }

  /** Adds a comment; undefined if there is no such breach. */
  async comment(comment: Omit<Comment, 'id'>): Promise<Comment | undefined> {
    return this.#db.transaction().execute(async (tx) => {
      const result = await tx
        .updateTable('breach')
        .set({ comments: sql`comments + 1` })
        .where('pbid', '=', comment.pbid)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return undefined;
      return tx.insertInto('comment').values(comment).returningAll().executeTakeFirstOrThrow();
    });
  }
}

/** Stores breaches that are not yet there, inside the detector's checkpoint transaction; returns the new pbids. */
export async function saveBreaches(
  tx: Transaction<Tables>,
  breaches: readonly Breach[],
  now: number,
): Promise<number[]> {
  const added: number[] = [];
  for (const breach of breaches) {
    // Looked up first: a refused insert would use up a pbid.
    const known = await tx
      .selectFrom('breach')
      .select('pbid')
      .where('key', '=', breach.key)
      .executeTakeFirst();
    if (known) continue;
    const model = await tx
      .selectFrom('model')
      .select(['pid', 'phid'])
      .where('uuid', '=', modelUuid(breach.model.name))
      .executeTakeFirstOrThrow();
    const row = await tx
      .insertInto('breach')
      .values({
        key: breach.key,
        pid: model.pid,
        phid: model.phid,
        did: breach.did,
        time: breach.time,
        creation_time: now,
        score: breach.score,
        pbscore: breach.pbscore,
        category: breach.category ?? breach.model.category,
        priority: breach.model.priority,
        suppressed: breach.suppressed ? 1 : 0,
        comments: 0,
        body: JSON.stringify(breach),
      })
      .returning('pbid')
      .executeTakeFirstOrThrow();
    added.push(row.pbid);
  }
  return added;
}
