/** A record as Advanced Search shows it: the names and units that its queries use, so that what is seen can be asked. */
import type { Field } from '@thymus/core';
import type { Hit } from '../lake.ts';
import { declared } from '../schema/tables.ts';

/** The `@fields` of a hit: times and intervals in seconds, `success` as "True" or "False", `principal_name` added. */
export function searchFields(hit: Hit): Record<string, unknown> {
  const { kind, ts, stored, ...rest } = hit;
  const fields: Record<string, unknown> = {};
  const types = declared(kind).fields;
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) fields[name] = shown(name, value, types[name]);
  }
  const client = kind === 'kerberos' ? hit['client'] : undefined;
  if (typeof client === 'string') fields['principal_name'] = client.replace(/[/@][^/@]*$/, '');
  return fields;
}

function shown(name: string, value: unknown, field: Field | undefined): unknown {
  if (name === 'success') return value ? 'True' : 'False';
  if (field?.type === 'time' || field?.type === 'interval') return Number(value) / 1000;
  return field?.type === 'intervals' ? (value as number[]).map((ms) => ms / 1000) : value;
}
