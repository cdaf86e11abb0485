/** Records as lines of Zeek's tab separated logs. Zeek manual, "Log Formats and Inspection". */
import type { Field, FieldType, LogRecord, RecordDeclaration } from '@thymus/core';

const ZEEK_TYPES: Readonly<Record<FieldType, string>> = {
  time: 'time',
  interval: 'interval',
  string: 'string',
  category: 'string',
  addr: 'addr',
  port: 'port',
  count: 'count',
  double: 'double',
  bool: 'bool',
  strings: 'vector[string]',
  intervals: 'vector[interval]',
};

/** The fields of a Zeek file; those that Zeek does not have only if asked for. */
export const zeekFields = (
  declaration: RecordDeclaration,
  withOwn: boolean,
): [name: string, field: Field][] =>
  Object.entries(declaration.fields).filter(([, field]) => withOwn || !field.own);

/** The header, without the end of its last line. `opened` in ms since the epoch. */
export function zeekHeader(declaration: RecordDeclaration, withOwn: boolean, opened: number): string {
  const fields = zeekFields(declaration, withOwn);
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${declaration.kind}`,
    `#open\t${zeekDate(opened)}`,
    `#fields\t${fields.map(([name, field]) => field.zeek ?? name).join('\t')}`,
    `#types\t${fields.map(([, field]) => field.zeekType ?? ZEEK_TYPES[field.type]).join('\t')}`,
  ].join('\n');
}

/** A moment as the #open and #close lines have it, in UTC. */
export const zeekDate = (ts: number): string => new Date(ts).toISOString().slice(0, 19).replace(/[T:]/g, '-');

type Write = (value: unknown) => string;

/** Milliseconds as seconds with six decimals. (`toFixed` takes four times as long.) */
export function seconds(ms: number): string {
  const us = Math.round(Math.abs(ms) * 1e3);
  const whole = Math.floor(us / 1e6);
  const text = `${whole}.${String(us - whole * 1e6).padStart(6, '0')}`;
  return ms < 0 && us > 0 ? `-${text}` : text;
}

const hex = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
const SPECIAL = /[\u0000-\u001f\u007f\\]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
const SPECIALS = /[\u0000-\u001f\u007f\\]/g;

/** Text as Zeek writes it: what is not printable as \xNN, text that would read as unset or empty made different. */
export function escapeZeek(text: string): string {
  if (text === '') return '(empty)';
  if (text === '-' || text === '(empty)') return hex(text) + text.slice(1);
  if (!SPECIAL.test(text)) return text;
  return text.replace(SPECIALS, (c) => (c === '\\' ? '\\\\' : hex(c)));
}

/** The first character of a line must not make it a comment. */
const escapeFirst = (line: string): string => (line.startsWith('#') ? `\\x23${line.slice(1)}` : line);

const escapeElement = (text: string): string => escapeZeek(text).replaceAll(',', '\\x2c');

const list =
  (write: (item: never) => string): Write =>
  (value) => {
    const items = value as readonly never[];
    return items.length === 0 ? '(empty)' : items.map(write).join(',');
  };

const WRITERS: Readonly<Record<FieldType, Write>> = {
  time: (value) => seconds(value as number),
  interval: (value) => seconds(value as number),
  string: (value) => escapeZeek(value as string),
  category: (value) => escapeZeek(value as string),
  addr: String,
  port: String,
  count: String,
  double: (value) => (value as number).toFixed(6),
  bool: (value) => (value === true ? 'T' : 'F'),
  strings: list(escapeElement),
  intervals: list(seconds),
};

/**
 * Makes the lines of one kind of record, without their ends. Compiled per kind like the codec, as a loop over the
 * fields takes twice as long.
 */
export function zeekLine(declaration: RecordDeclaration, withOwn: boolean): (record: LogRecord) => string {
  const cells = zeekFields(declaration, withOwn).map(([name, field], i) => {
    const value = `r[${JSON.stringify(name)}]`;
    const text = `${value} === undefined ? '-' : w[${JSON.stringify(field.type)}](${value})`;
    return i === 0 ? `first(${text})` : `(${text})`;
  });
  const compiled = new Function('r', 'w', 'first', `return ${cells.join(" + '\\t' + ")};`) as Compiled;
  return (record) => compiled(record, WRITERS, escapeFirst);
}

type Compiled = (record: LogRecord, writers: typeof WRITERS, first: typeof escapeFirst) => string;
