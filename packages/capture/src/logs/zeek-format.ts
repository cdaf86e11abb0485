/** Records as lines of Zeek's tab separated logs. Zeek manual, "Log Formats and Inspection". */
import type { Field, FieldType, LogRecord, RecordDeclaration } from '@thymus/core';
import type { TextBuffer } from './text-buffer.ts';

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
const zeekFields = (declaration: RecordDeclaration, withOwn: boolean): [name: string, field: Field][] =>
  Object.entries(declaration.fields).filter(([, field]) => withOwn || !field.own);

/** The lines before the first record. `opened` in ms since the epoch. */
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
    '',
  ].join('\n');
}

/** A moment as the #open and #close lines have it, in UTC. */
export const zeekDate = (ts: number): string => new Date(ts).toISOString().slice(0, 19).replace(/[T:]/g, '-');

/** Bytes of a number or time in a list, with its comma. */
const LONGEST_NUMBER = 32;

const TAB = 9;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const BACKSLASH = 92;

/** Milliseconds as seconds with six decimals. */
function writeSeconds(out: TextBuffer, ms: number): void {
  const us = Math.round(Math.abs(ms) * 1e3);
  if (ms < 0 && us > 0) out.byte(MINUS);
  const whole = Math.floor(us / 1e6);
  out.integer(whole);
  out.byte(POINT);
  out.digits(us - whole * 1e6, 6);
}

const isSpecial = (code: number, separator: number): boolean =>
  code < 32 || code === 127 || code === BACKSLASH || code === separator;

function writeHex(out: TextBuffer, code: number): void {
  out.text(`\\x${code.toString(16).padStart(2, '0')}`);
}

/**
 * Text as Zeek writes it: what is not printable as \xNN, a backslash doubled, and text that would read as unset or
 * empty made different. `separator` is the character that ends an element of a list, or 0.
 */
function writeText(out: TextBuffer, text: string, separator = 0): void {
  if (text === '') out.text('(empty)');
  else if (text === '-' || text === '(empty)') {
    writeHex(out, text.charCodeAt(0));
    out.text(text.slice(1));
  } else if (!out.printable(text, separator)) writeEscaped(out, text, separator);
}

function writeEscaped(out: TextBuffer, text: string, separator: number): void {
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code === BACKSLASH) out.text('\\\\');
    else if (isSpecial(code, separator)) writeHex(out, code);
    else out.text(character);
  }
}

function writeList<T>(out: TextBuffer, items: readonly T[], write: (out: TextBuffer, item: T) => void): void {
  if (items.length === 0) out.text('(empty)');
  out.reserve(items.length * LONGEST_NUMBER);
  for (let i = 0; i < items.length; i++) {
    if (i > 0) out.byte(COMMA);
    write(out, items[i]!);
  }
}

const writeElement = (out: TextBuffer, text: string): void => writeText(out, text, COMMA);

const plainText = (out: TextBuffer, text: string): void => out.text(text);
const integer = (out: TextBuffer, value: number): void => out.integer(value);
const text = (out: TextBuffer, value: string): void => writeText(out, value);

const WRITERS = {
  time: writeSeconds,
  interval: writeSeconds,
  string: text,
  category: text,
  addr: plainText,
  port: integer,
  count: integer,
  double: (out: TextBuffer, value: number): void => out.text(value.toFixed(6)),
  bool: (out: TextBuffer, value: boolean): void => out.text(value ? 'T' : 'F'),
  strings: (out: TextBuffer, value: readonly string[]): void => writeList(out, value, writeElement),
  intervals: (out: TextBuffer, value: readonly number[]): void => writeList(out, value, writeSeconds),
} as const satisfies Record<FieldType, (out: TextBuffer, value: never) => void>;

type WriteLine = (out: TextBuffer, record: LogRecord) => void;

/**
 * Writes the line of one kind of record, without its end. Compiled per kind like the codec, as a loop over the fields
 * takes twice as long.
 */
export function zeekLine(declaration: RecordDeclaration, withOwn: boolean): WriteLine {
  const cells = zeekFields(declaration, withOwn).map(([name, field]) => {
    const value = `r[${JSON.stringify(name)}]`;
    return `if (${value} === undefined) out.byte(${MINUS}); else w.${field.type}(out, ${value});`;
  });
  const body = `return (out, r) => { ${cells.join(` out.byte(${TAB}); `)} };`;
  return (new Function('w', body) as (writers: typeof WRITERS) => WriteLine)(WRITERS);
}
