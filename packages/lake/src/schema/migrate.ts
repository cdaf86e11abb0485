/** Brings the tables of a lake to the declarations: makes missing ones, adds new columns, refuses newer data. */
import { RECORDS, type RecordKind, ThymusError } from '@thymus/core';
import type { LakeClient } from '../client.ts';
import { columnSql, columnsOf, createTable, tableOf } from './tables.ts';

/** Throws NEWER_DATA where a table has columns or kinds of a later version. */
export async function migrate(client: LakeClient): Promise<void> {
  const existing = await existingColumns(client);
  refuseUnknown(existing);
  await Promise.all(RECORDS.map(({ kind }) => bring(client, kind, existing.get(tableOf(kind)))));
}

async function bring(
  client: LakeClient,
  kind: RecordKind,
  known?: ReadonlyMap<string, string>,
): Promise<void> {
  const statements = known ? additions(kind, known) : [createTable(kind)];
  for (const statement of statements) await client.command(statement);
}

async function existingColumns(client: LakeClient): Promise<Map<string, Map<string, string>>> {
  const rows = await client.json<{ table: string; name: string; type: string }>(
    "SELECT table, name, type FROM system.columns WHERE database = currentDatabase() AND startsWith(table, 'ev_')",
  );
  const tables = new Map<string, Map<string, string>>();
  for (const { table, name, type } of rows) {
    const columns = tables.get(table) ?? new Map<string, string>();
    tables.set(table, columns.set(name, type));
  }
  return tables;
}

function refuseUnknown(existing: Map<string, Map<string, string>>): void {
  const kinds = new Map(RECORDS.map(({ kind }) => [tableOf(kind), kind]));
  for (const [table, columns] of existing) {
    const kind = kinds.get(table);
    if (!kind) throw newer(`a table ${table} that this version does not know`);
    const known = new Map(columnsOf(kind).map((c) => [c.name, c.type]));
    for (const [name, type] of columns) {
      if (!known.has(name)) throw newer(`a column ${table}.${name} that this version does not know`);
      if (known.get(name) !== type) {
        throw newer(`${table}.${name} as ${type} where this version expects ${known.get(name)}`);
      }
    }
  }
}

function additions(kind: RecordKind, known: ReadonlyMap<string, string>): string[] {
  const columns = columnsOf(kind);
  return columns.flatMap((column, i) => {
    if (known.has(column.name)) return [];
    const place = i === 0 ? 'FIRST' : `AFTER \`${columns[i - 1]!.name}\``;
    return [`ALTER TABLE ${tableOf(kind)} ADD COLUMN ${columnSql(column)} ${place}`];
  });
}

const newer = (what: string) =>
  new ThymusError(
    'NEWER_DATA',
    `The event lake holds ${what}. Use the version that wrote it, or a newer one.`,
  );
