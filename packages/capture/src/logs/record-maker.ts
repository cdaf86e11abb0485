/** Records out of the values of a log line: what is missing is filled in, what cannot be filled in makes it broken. */
import {
  connectionUid,
  declarationOf,
  type Field,
  hashText,
  type LogRecord,
  RECORDS,
  type RecordDeclaration,
} from '@thymus/core';
import type { Value } from './values.ts';

/** Values by field name, `kind` first. */
export type Draft = { kind: string } & Record<string, Value>;

/** Columns of older versions of Zeek that hold the same as a field of today. */
const OLDER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  x509: { fingerprint: 'id' },
  files: { uid: 'conn_uids', source_ip: 'tx_hosts', dest_ip: 'rx_hosts' },
  dhcp: { uids: 'uid', assigned_addr: 'assigned_ip' },
};

/** The names under which a field may stand in a log: Zeek's, the same with underscores, that of older versions. */
export function columnsOf(kind: string, name: string, field: Field): string[] {
  const zeek = field.zeek ?? name;
  const older = OLDER[kind]?.[name];
  return [...new Set([zeek, zeek.replaceAll('.', '_'), ...(older ? [older] : [])])];
}

/** Makes records of one kind. */
export class RecordMaker {
  readonly declaration: RecordDeclaration;
  readonly #required: readonly (readonly [name: string, field: Field])[];

  private constructor(declaration: RecordDeclaration) {
    this.declaration = declaration;
    this.#required = Object.entries(declaration.fields).filter(([, field]) => !field.optional);
  }

  static readonly #known = new Map<string, RecordMaker>();

  /** The maker for a kind; undefined for one that nobody declared. */
  static of(kind: string): RecordMaker | undefined {
    const declaration = declarationOf(kind);
    if (!declaration) return undefined;
    const maker = RecordMaker.#known.get(kind) ?? new RecordMaker(declaration);
    RecordMaker.#known.set(kind, maker);
    return maker;
  }

  /** The record, or what is missing. `namesSender`: addresses are those of sender and receiver, as in older logs. */
  finish(draft: Draft, namesSender = false): LogRecord | string {
    if (namesSender && draft['is_orig'] === false)
      [draft['source_ip'], draft['dest_ip']] = [draft['dest_ip'] ?? '', draft['source_ip'] ?? ''];
    for (const [name, field] of this.#required) {
      if (draft[name] !== undefined && draft[name] !== '') continue;
      if (field.type === 'time' || field.type === 'addr') return `no ${field.zeek ?? name}`;
      draft[name] = name === 'uid' ? uidOf(draft) : emptyOf(field);
    }
    return draft as unknown as LogRecord;
  }
}

/** A uid for lines that have none: the same for all lines of the same tuple and time. */
function uidOf(draft: Draft): string {
  const tuple = [
    draft['proto'],
    draft['source_ip'],
    draft['source_port'],
    draft['dest_ip'],
    draft['dest_port'],
  ];
  return connectionUid(draft['ts'] as number, hashText(tuple.join('|')));
}

function emptyOf(field: Field): Value {
  if (field.type === 'bool') return false;
  if (field.type === 'strings' || field.type === 'intervals') return [];
  return field.type === 'string' || field.type === 'category' ? '' : 0;
}

/** True for the logs of files that name sender and receiver, not originator and responder. */
export const namesSender = (kind: string, has: (column: string) => boolean): boolean =>
  kind === 'files' && has('tx_hosts') && !has('id.orig_h') && !has('id_orig_h');

/** The columns that every log has: they tell nothing about its type. */
const COMMON = new Set(['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto']);

/** Columns of a kind as Zeek names them, with dots and with underscores. */
const columnSets = RECORDS.map(
  (d) =>
    [d.kind, new Set(Object.entries(d.fields).flatMap(([name, f]) => columnsOf(d.kind, name, f)))] as const,
);

/**
 * The kind of a log that does not say its type, by its columns: the declaration that knows the most of them, and more
 * than half; undefined if there is none.
 */
export function kindOfColumns(columns: readonly string[]): string | undefined {
  const telling = columns.filter((c) => !COMMON.has(c.replace(/^id_/, 'id.')));
  let best: string | undefined;
  let most = telling.length / 2;
  for (const [kind, names] of columnSets) {
    const matched = telling.filter((c) => names.has(c)).length;
    if (matched > most) [best, most] = [kind, matched];
  }
  return best;
}

/** The kind that a file's name tells, as in `2024-04-19.conn.log.gz` or `NASHUA_dce_rpc.log`. */
export function kindOfName(path: string): string | undefined {
  const name = path.replace(/^.*[/\\]/, '').toLowerCase();
  const found = RECORDS.map((d) => d.kind).filter((kind) =>
    new RegExp(`(^|[^a-z0-9])${kind}([^a-z0-9]|$)`).test(name),
  );
  return found.sort((a, b) => b.length - a.length)[0];
}
