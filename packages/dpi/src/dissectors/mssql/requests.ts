/** What clients of SQL Servers ask for: statements and remote procedures. MS-TDS §2.2.6.6, §2.2.6.7. */
import { Reader } from '@thymus/core';
import { utf16Text } from '../ntlm/message.ts';

/** Characters of a statement in a record: its first words tell what it does. */
const MOST_CHARACTERS = 250;

/** Procedures by number. MS-TDS §2.2.6.6. */
const PROCEDURES: readonly (string | undefined)[] = [
  undefined,
  'sp_cursor',
  'sp_cursoropen',
  'sp_cursorprepare',
  'sp_cursorexecute',
  'sp_cursorprepexec',
  'sp_cursorunprepare',
  'sp_cursorfetch',
  'sp_cursoroption',
  'sp_cursorclose',
  'sp_executesql',
  'sp_prepare',
  'sp_execute',
  'sp_prepexec',
  'sp_prepexecrpc',
  'sp_unprepare',
];
const EXECUTE_STATEMENT = 10;
const BY_NUMBER = 0xffff;

/** Type of a parameter that is text, and the length that says that it comes in parts. */
const TEXT = 0xe7;
const IN_PARTS = 0xffff;
const COLLATION = 5;

const text = (bytes: Uint8Array): string =>
  utf16Text(bytes, 0, Math.min(bytes.length & ~1, 2 * MOST_CHARACTERS));

/** Passes over the headers that newer versions put in front: their length, then each with its own. */
function skipHeaders(r: Reader): void {
  const start = r.at;
  const total = r.u32le();
  const first = r.u32le();
  const kind = r.u16le();
  const areHeaders = !r.bad && total >= 10 && first <= total - 4 && kind >= 1 && kind <= 3 && total <= r.end;
  r.at = areHeaders ? start + total : start;
  r.bad = false;
}

/** The beginning of a statement. */
export function readBatch(payload: Uint8Array): string {
  const r = new Reader(payload);
  skipHeaders(r);
  return text(r.take(r.left)).trim();
}

/** The procedure called, and with it the beginning of the statement it shall execute; undefined if it is broken. */
export function readCall(payload: Uint8Array): string | undefined {
  const r = new Reader(payload);
  skipHeaders(r);
  const length = r.u16le();
  if (length !== BY_NUMBER) {
    const name = r.take(length * 2);
    return r.bad ? undefined : text(name);
  }
  const number = r.u16le();
  const name = PROCEDURES[number] ?? `procedure ${number}`;
  if (r.bad) return undefined;
  return number === EXECUTE_STATEMENT ? `${name} ${readStatement(r)}`.trim() : name;
}

/** The first parameter, where it is text. */
function readStatement(r: Reader): string {
  r.skip(2);
  r.skip(r.u8() * 2);
  r.skip(1);
  if (r.u8() !== TEXT) return '';
  const longest = r.u16le();
  r.skip(COLLATION);
  if (longest === IN_PARTS) r.skip(8);
  const length = longest === IN_PARTS ? r.u32le() : r.u16le();
  const statement = text(r.take(Math.min(length, r.left)));
  return r.bad ? '' : statement.trim();
}
