/**
 * Parameters of a request, read the way clients write them and checked against the route's declaration: names in any
 * case, empty values as if absent, unknown names ignored, numbers and booleans as text, lists by comma or repetition.
 */
import { formPairs, type InputOf, isJsonBody, parseApiDate, type Route } from '@thymus/contract';
import Type, { type TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { badInput } from './refusal.ts';

/** The parts of JSON Schema that coercion looks at. */
interface Shape {
  type?: string;
  items?: Shape;
  format?: string;
  unit?: string;
  const?: unknown;
}

/** Spellings that clients use for the same parameter. */
const ALIASES: ReadonlyMap<string, string> = new Map([['deviceatop', 'deviceattop']]);

/** `metric1` to `metricN` name several metrics. */
const NUMBERED = /^(metric)\d+$/;

/** ms below this are seconds that a client took for ms: as ms it would be March 1973. */
const LEAST_MS = 1e11;

/** Clients write far dates for "for ever"; stored times end in 2299, so that nothing is lost by stopping in 2200. */
const LATEST = 7_258_118_400_000;

/** A time that stores can be asked for. */
export const clampTime = (ms: number): number => Math.min(LATEST, Math.max(0, ms));

interface Plan {
  /** Declared names by their lower-case form. */
  names: ReadonlyMap<string, string>;
  shapes: Readonly<Record<string, Shape>>;
  validator: Validator;
  isOwn: boolean;
}

const plans = new WeakMap<Route, Plan>();

function planOf(route: Route): Plan {
  const known = plans.get(route);
  if (known) return known;
  const properties: Record<string, TSchema> = {
    ...route.params?.properties,
    ...route.query?.properties,
    ...route.body?.properties,
  };
  const plan: Plan = {
    names: new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name])),
    shapes: properties as Record<string, Shape>,
    validator: Compile(Type.Object(properties)),
    isOwn: route.path.startsWith('/ui/'),
  };
  plans.set(route, plan);
  return plan;
}

export interface Sent {
  /** Variable parts of the path, decoded. */
  params: Readonly<Record<string, string>>;
  /** Without the question mark, as it was sent. */
  query: string;
  body: string;
  /** Nothing but `responsedata` of the query was signed. */
  isQueryUnsigned: boolean;
}

export interface Input<R extends Route> {
  values: InputOf<R>;
  /** True if the parameter was given once and without a comma: then one object is wanted, not a list of one. */
  isSingle(name: string): boolean;
}

/** Reads and checks what a request carries. Throws BAD_INPUT naming the parameter. */
export function readInput<R extends Route>(route: R, sent: Sent): Input<R> {
  const plan = planOf(route);
  const raw = new Map<string, unknown[]>();
  const add = (name: string, value: unknown) => {
    const lower = name.toLowerCase();
    const declared = plan.names.get(ALIASES.get(lower) ?? lower.replace(NUMBERED, '$1'));
    if (declared === undefined || value === '' || value === null || value === undefined) return;
    raw.set(declared, [...(raw.get(declared) ?? []), value]);
  };
  for (const [name, value] of formPairs(sent.query)) {
    if (!sent.isQueryUnsigned || name.toLowerCase() === 'responsedata') add(name, value);
  }
  for (const [name, value] of bodyEntries(sent.body)) add(name, value);
  for (const [name, value] of Object.entries(sent.params)) raw.set(name, [value]);

  const values: Record<string, unknown> = {};
  for (const [name, given] of raw) values[name] = coerce(name, given, plan.shapes[name]!, plan.isOwn);
  if (!plan.validator.Check(values)) throw badInput(reasonOf(plan.validator, values));
  return {
    values: values as InputOf<R>,
    isSingle: (name) => raw.get(name)?.length === 1 && !String(raw.get(name)![0]).includes(','),
  };
}

function bodyEntries(body: string): readonly (readonly [string, unknown])[] {
  if (body.trim() === '') return [];
  if (!isJsonBody(body)) return formPairs(body);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badInput('The body is no valid JSON.');
  }
  if (Array.isArray(value)) throw badInput('The body must be an object.');
  return Object.entries(value as object);
}

function reasonOf(validator: Validator, values: unknown): string {
  const error = validator.Errors(values)[0];
  if (!error) return 'A parameter has the wrong form.';
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'required') {
    const { requiredProperties = [] } = error.params as { requiredProperties?: string[] };
    return `${[path, ...requiredProperties].filter(Boolean).join(' ')} must be given`;
  }
  return `${path} ${error.message}`;
}

function coerce(name: string, given: readonly unknown[], shape: Shape, isOwn: boolean): unknown {
  if (shape.type !== 'array') return coerceOne(name, given.at(-1), shape, isOwn);
  const items = given
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : value))
    .map((value) => (typeof value === 'string' ? value.trim() : value))
    .filter((value) => value !== '');
  return items.map((value) => coerceOne(name, value, shape.items ?? {}, isOwn));
}

function coerceOne(name: string, value: unknown, shape: Shape, isOwn: boolean): unknown {
  if (shape.type === 'string') return typeof value === 'number' ? String(value) : value;
  if (typeof value === 'number' && shape.unit === 'ms') return inMs(value, isOwn);
  if (typeof value !== 'string') return value;
  if (shape.type === 'boolean') return booleanOf(value) ?? value;
  if (shape.type !== 'number' && shape.type !== 'integer') return value;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (shape.unit === 'ms') {
    const time = Number.isFinite(number) ? number : parseApiDate(value);
    if (time === undefined) throw badInput(`${name} must be a time in ms since the epoch`);
    return inMs(time, isOwn || !Number.isFinite(number));
  }
  return Number.isFinite(number) ? number : value;
}

const inMs = (value: number, isOwn: boolean): number =>
  clampTime(!isOwn && value > 0 && value < LEAST_MS ? value * 1000 : value);

function booleanOf(text: string): boolean | undefined {
  if (/^(true|1|yes)$/i.test(text)) return true;
  return /^(false|0|no)$/i.test(text) ? false : undefined;
}

interface WindowInput {
  starttime?: number;
  endtime?: number;
  from?: string;
  to?: string;
}

/** The window of a documented route, both ends inclusive, ms; absent ends are open. Throws BAD_INPUT. */
export function windowOf({ starttime, endtime, from, to }: WindowInput): { from?: number; to?: number } {
  const start = starttime ?? dateOf('from', from);
  const end = endtime ?? dateOf('to', to);
  return {
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end }),
  };
}

/** ms of a time written as text. Throws BAD_INPUT. */
export function dateOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseApiDate(text);
  if (time === undefined) throw badInput(`${name} must be a time such as 2025-06-01 12:00:00 (UTC)`);
  return clampTime(time);
}

/** Keeps the named top-level parts of an answer, or of every element of a list. */
export function keepNamed(reply: unknown, names: readonly string[] | undefined): unknown {
  if (!names || names.length === 0) return reply;
  const pick = (value: unknown): object =>
    Object.fromEntries(
      names
        .filter((name) => Object.hasOwn(Object(value), name))
        .map((name) => [name, (value as Record<string, unknown>)[name]]),
    );
  return Array.isArray(reply) ? reply.map(pick) : pick(reply);
}
