/** Every field that can be searched, by all its names, with the SQL that reads it in each kind; from the declarations. */
import { type Field, type FieldType, RECORDS, type RecordKind } from '@thymus/core';
import type { LakeFieldInfo } from '../lake.ts';
import { declared } from '../schema/tables.ts';
import { nearest } from './nearest.ts';

/** One column, or expression, that a field name stands for in one kind. */
export interface Target {
  readonly sql: string;
  readonly type: FieldType;
  readonly isOptional: boolean;
  /** Unset is NULL; unset texts and lists are empty, unset addresses `::`. */
  readonly isNullable: boolean;
  /** Compared letter by letter: ids, hashes and connection histories, where case has a meaning. */
  readonly isExact: boolean;
}

export interface CatalogueField extends LakeFieldInfo {
  /** What is asked per kind: any of the targets may hold. The first one is what statistics are made of. */
  readonly targets: ReadonlyMap<RecordKind, readonly Target[]>;
}

/** Kinds that answer only where `@type` asks for them: they repeat what other records say. */
export const HIDDEN_KINDS: ReadonlySet<RecordKind> = new Set<RecordKind>(['conn_update', 'metric']);

export const KINDS: readonly RecordKind[] = RECORDS.map(({ kind }) => kind);

/** Names of other products for our kinds. */
const KIND_ALIASES: Readonly<Record<string, RecordKind>> = {
  files_identified: 'files',
  smb_session: 'smb_mapping',
};

/** The kind of a name or alias, any case. */
export function kindOf(name: string): RecordKind | undefined {
  const lower = name.toLowerCase();
  return KINDS.find((kind) => kind === lower) ?? KIND_ALIASES[lower];
}

const EXACT = new Set([
  'uid',
  'uids',
  'tunnel_parents',
  'fuid',
  'parent_fuid',
  'orig_fuids',
  'resp_fuids',
  'client_cert_fuid',
  'server_cert_fuid',
  'community_id',
  'history',
  'ssl_history',
]);

/** Columns that the master adds to every row. */
const ADDED: readonly (readonly [name: string, type: FieldType, doc: string])[] = [
  ['source_did', 'count', 'Device at the originator, 0 = none of ours.'],
  ['dest_did', 'count', 'Device at the responder, 0 = none of ours.'],
  ['country', 'category', 'Country of the external end, ISO 3166.'],
  ['asn', 'count', 'Autonomous system of the external end.'],
];

/** Names that stand for one or several columns. Kinds without the first of these columns do not have the field. */
const COMPOSED: readonly (readonly [name: string, columns: readonly string[], doc: string])[] = [
  ['ip', ['source_ip', 'dest_ip'], 'Address of either end.'],
  ['port', ['source_port', 'dest_port'], 'Port of either end.'],
  ['device', ['source_did', 'dest_did'], 'Device at either end.'],
  ['conn_state', ['conn_state', 'history'], 'How a connection went: its state, or its history.'],
  ['@timestamp', ['ts'], 'When it happened.'],
  ['protocol_ver', ['version'], 'Version of the protocol.'],
];

/** The user in a principal: what stands before its realm. */
const PRINCIPAL: Target = {
  sql: "replaceRegexpOne(`client`, '[/@][^/@]*$', '')",
  type: 'string',
  isOptional: true,
  isNullable: false,
  isExact: false,
};

const NULLABLE: ReadonlySet<FieldType> = new Set(['time', 'interval', 'port', 'count', 'double', 'bool']);

function targetOf(name: string, field: Pick<Field, 'type' | 'optional'>): Target {
  return {
    sql: `\`${name}\``,
    type: field.type,
    isOptional: field.optional,
    isNullable: field.optional && NULLABLE.has(field.type),
    isExact: EXACT.has(name),
  };
}

class Builder {
  readonly fields = new Map<string, CatalogueField & { targets: Map<RecordKind, Target[]> }>();
  readonly names = new Map<string, CatalogueField>();

  add(name: string, kind: RecordKind, target: Target, doc: string, alias?: string): void {
    let field = this.fields.get(name);
    if (!field) {
      field = { name, aliases: [], type: target.type, kinds: [], doc, targets: new Map() };
      this.fields.set(name, field);
      this.names.set(name.toLowerCase(), field);
    }
    if (!field.kinds.includes(kind)) field.kinds.push(kind);
    field.targets.set(kind, [...(field.targets.get(kind) ?? []), target]);
    if (alias) this.alias(alias, field);
  }

  alias(alias: string, field: CatalogueField): void {
    if (this.names.has(alias.toLowerCase())) return;
    this.names.set(alias.toLowerCase(), field);
    field.aliases.push(alias);
  }
}

function build(): Builder {
  const builder = new Builder();
  for (const kind of KINDS) {
    for (const [name, field] of Object.entries(declared(kind).fields)) {
      if (name !== 'conn_state') builder.add(name, kind, targetOf(name, field), field.doc, field.zeek);
    }
    for (const [name, type, doc] of ADDED)
      builder.add(name, kind, targetOf(name, { type, optional: false }), doc);
  }
  for (const [name, columns, doc] of COMPOSED) {
    for (const kind of KINDS) {
      const added = ADDED.map(([column, type]) => [column, { type, optional: false }] as const);
      const all = new Map<string, Pick<Field, 'type' | 'optional'>>([
        ...added,
        ...Object.entries(declared(kind).fields),
      ]);
      if (!all.has(columns[0]!)) continue;
      for (const column of columns) {
        const field = all.get(column);
        if (field) builder.add(name, kind, targetOf(column, field), doc);
      }
    }
  }
  builder.add('principal_name', 'kerberos', PRINCIPAL, 'User who asks for a ticket, without the realm.');
  return builder;
}

const { fields, names } = build();

/** A name as it is looked up. */
const plain = (name: string): string => name.replace(/^@fields\./i, '').toLowerCase();

/** The field of a name, in any case and with or without `@fields.`; undefined if there is none. */
export const findField = (name: string): CatalogueField | undefined => names.get(plain(name));

/** A known name that resembles the given one. */
export const suggestField = (name: string): string | undefined => {
  const closest = nearest(plain(name), [...names.keys()]);
  return closest === undefined
    ? undefined
    : (names.get(closest)!.aliases.find((a) => a.toLowerCase() === closest) ?? names.get(closest)!.name);
};

/** All fields, for pickers and docs. */
export const catalogueFields = (): readonly CatalogueField[] => [...fields.values()];

/** Where a bare word looks, per kind: text fields, addresses and ids. */
export interface BareTargets {
  readonly texts: readonly Target[];
  readonly addresses: readonly Target[];
  readonly ids: readonly Target[];
}

const bare = new Map<RecordKind, BareTargets>(
  KINDS.map((kind) => {
    const all = Object.entries(declared(kind).fields);
    const pick = (test: (field: Field, name: string) => boolean) =>
      all.filter(([name, field]) => test(field, name)).map(([name, field]) => targetOf(name, field));
    return [
      kind,
      {
        texts: pick((field) => field.text === true),
        addresses: pick((field) => field.type === 'addr'),
        ids: pick((_, name) => name === 'uid'),
      },
    ];
  }),
);

export const bareTargets = (kind: RecordKind): BareTargets => bare.get(kind)!;
