/** Devices and subnets as the detector left them, plus what people decided about them. */
import type { Device, Subnet } from '@thymus/detect';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A tracked device with the decisions of people. */
export interface StoredDevice extends Device {
  label?: string;
  /** -5 to 5. */
  priority: number;
  /** Type chosen by a person; wins over the inferred one. */
  chosenType?: string;
}

export interface DeviceFilter {
  did?: readonly number[];
  ip?: string;
  mac?: string;
  sid?: number;
  /** Seen at or after, ms. */
  seenSince?: number;
  /** Part of name, label, address or MAC; any case. */
  text?: string;
  limit?: number;
}

type Row = Pick<Tables['device'], 'body' | 'label' | 'priority' | 'chosen_type'>;

function fromRow(row: Row): StoredDevice {
  const device = JSON.parse(row.body) as Device;
  return {
    ...device,
    ...(row.chosen_type ? { typename: row.chosen_type, chosenType: row.chosen_type } : {}),
    ...(row.label ? { label: row.label } : {}),
    priority: row.priority,
  };
}

/** Devices that turned out to be others stay for what was said of them; JSON escapes quotes, so no text can look like this. */
const REPLACED = '%"replacedBy":%';

export class DeviceStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async get(did: number): Promise<StoredDevice | undefined> {
    const row = await this.#db.selectFrom('device').selectAll().where('did', '=', did).executeTakeFirst();
    return row && fromRow(row);
  }

  /** Matching devices, last seen first; replaced ones only where asked for by number. */
  async list(filter: DeviceFilter = {}): Promise<StoredDevice[]> {
    let query = this.#db.selectFrom('device').selectAll().orderBy('last_seen', 'desc').orderBy('did');
    query = filter.did ? query.where('did', 'in', filter.did) : query.where('body', 'not like', REPLACED);
    if (filter.ip !== undefined) query = query.where('ip', '=', filter.ip);
    if (filter.mac !== undefined) query = query.where('mac', '=', filter.mac.toLowerCase());
    if (filter.sid !== undefined) query = query.where('sid', '=', filter.sid);
    if (filter.seenSince !== undefined) query = query.where('last_seen', '>=', filter.seenSince);
    if (filter.text) {
      const like = `%${filter.text.replace(/[%_\\]/g, '\\$&')}%`;
      query = query.where((e) =>
        e.or((['hostname', 'label', 'ip', 'mac'] as const).map((c) => e(c, 'like', like))),
      );
    }
    const rows = await query.limit(filter.limit ?? 100_000).execute();
    return rows.map(fromRow);
  }

  async count(): Promise<number> {
    const row = await this.#db
      .selectFrom('device')
      .select((e) => e.fn.countAll<number>().as('n'))
      .where('body', 'not like', REPLACED)
      .executeTakeFirst();
    return row?.n ?? 0;
  }

  /** What a person decides; undefined leaves a value as it is. */
  async edit(
    did: number,
    change: { label?: string; priority?: number; chosenType?: string },
  ): Promise<boolean> {
    const set = {
      ...(change.label === undefined ? {} : { label: change.label }),
      ...(change.priority === undefined ? {} : { priority: change.priority }),
      ...(change.chosenType === undefined ? {} : { chosen_type: change.chosenType }),
    };
    if (Object.keys(set).length === 0) return (await this.get(did)) !== undefined;
    const result = await this.#db.updateTable('device').set(set).where('did', '=', did).executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async subnets(): Promise<Subnet[]> {
    const rows = await this.#db.selectFrom('subnet').select('body').orderBy('sid').execute();
    return rows.map(({ body }) => JSON.parse(body) as Subnet);
  }
}

/** Writes what the detector changed, inside its checkpoint transaction. */
export async function saveDevices(
  tx: Transaction<Tables>,
  devices: readonly Device[],
  subnets: readonly Subnet[],
): Promise<void> {
  for (const device of devices) {
    const row = {
      did: device.did,
      ip: device.ips[0]?.ip ?? null,
      mac: device.mac ?? null,
      hostname: device.hostname ?? null,
      sid: device.sid,
      first_seen: device.firstSeen,
      last_seen: device.lastSeen,
      score: device.score,
      body: JSON.stringify(device),
    };
    const { did: _, ...changed } = row;
    await tx
      .insertInto('device')
      .values({ ...row, priority: 0 })
      .onConflict((c) => c.column('did').doUpdateSet(changed))
      .execute();
  }
  for (const subnet of subnets) {
    const body = JSON.stringify(subnet);
    await tx
      .insertInto('subnet')
      .values({ sid: subnet.sid, body })
      .onConflict((c) => c.column('sid').doUpdateSet({ body }))
      .execute();
  }
}
