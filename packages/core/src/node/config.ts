/** Configuration of a program: one schema; a YAML file, then THYMUS_* in the environment, then flags. */
import { readFileSync } from 'node:fs';
import type { Static, TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { ThymusError } from '../errors.ts';
import { nearest } from '../nearest.ts';

export interface ConfigSources {
  /** YAML file; one that does not exist counts as empty. */
  file?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Highest rank; undefined values are ignored. */
  flags?: Readonly<Record<string, unknown>>;
}

type Property = TSchema & {
  type?: string;
  default?: unknown;
  description?: string;
  minimum?: number;
  maximum?: number;
};

/** The configuration in force. Throws BAD_CONFIG with place, expectation and finding. */
export function loadConfig<S extends TObject>(schema: S, sources: ConfigSources): Static<S> {
  const properties = schema.properties as Record<string, Property>;
  const config: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(properties)) {
    if ('default' in property) config[key] = property.default;
  }
  const take = (where: string, key: string, value: unknown) => {
    config[key] = checked(properties, where, key, value);
  };
  for (const [key, value] of Object.entries(readYaml(sources.file))) take(sources.file!, key, value);
  for (const key of Object.keys(properties)) {
    const text = sources.env?.[envName(key)];
    if (text !== undefined) take(`environment ${envName(key)}`, key, fromText(properties[key]!, text));
  }
  for (const [key, value] of Object.entries(sources.flags ?? {})) {
    if (value !== undefined)
      take(
        `--${key.replaceAll('_', '-')}`,
        key,
        typeof value === 'string' ? fromText(properties[key] ?? {}, value) : value,
      );
  }
  return config as Static<S>;
}

const envName = (key: string): string => `THYMUS_${key.toUpperCase()}`;

function readYaml(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ThymusError('BAD_CONFIG', `${file} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (cause) {
    throw new ThymusError('BAD_CONFIG', `${file} is not YAML: ${(cause as Error).message.split('\n')[0]}`, {
      cause,
    });
  }
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ThymusError('BAD_CONFIG', `${file}: expected keys and values, found ${JSON.stringify(value)}.`);
}

/** Text of environment or flag as the type that the setting has; lists by comma. */
function fromText(property: Property, text: string): unknown {
  if (property.type === 'integer' || property.type === 'number')
    return text.trim() === '' ? text : Number(text);
  if (property.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (property.type === 'array')
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  return text;
}

function checked(properties: Record<string, Property>, where: string, key: string, value: unknown): unknown {
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (!property) {
    const hint = nearest(key, Object.keys(properties));
    throw new ThymusError(
      'BAD_CONFIG',
      `${where}: there is no setting ${key}${hint ? `; did you mean ${hint}?` : '.'}`,
    );
  }
  if (Value.Check(property, value)) return value;
  throw new ThymusError(
    'BAD_CONFIG',
    `${where}: ${key}: expected ${expectation(property)}, found ${JSON.stringify(value)}.`,
  );
}

/** What a setting takes, in words. */
export function expectation(property: TSchema): string {
  const {
    type,
    minimum,
    maximum,
    anyOf,
    const: only,
    items,
  } = property as Property & {
    anyOf?: TSchema[];
    const?: unknown;
    items?: TSchema;
  };
  if (anyOf) return anyOf.map(expectation).join(' or ');
  if (only !== undefined) return JSON.stringify(only);
  if (type === 'array') return `a list of ${items ? expectation(items).replace(/^an? /, '') : 'value'}s`;
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : '';
  return (
    {
      integer: `a whole number${range}`,
      number: `a number${range}`,
      boolean: 'true or false',
      string: 'a text',
    }[type ?? ''] ?? 'something else'
  );
}
