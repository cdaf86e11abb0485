/** What MySQL packets hold: greeting, log-in, statements with attributes. MySQL internals, "Client/Server Protocol". */
import { Reader } from '@thymus/core';
import { fieldText } from '../../text.ts';

/** Capabilities that both sides must have for them to count. */
export const CAPABILITY = {
  compress: 0x20,
  protocol41: 0x200,
  ssl: 0x800,
  deprecateEof: 0x100_0000,
  zstd: 0x400_0000,
  queryAttributes: 0x800_0000,
} as const;

/** Names of commands by number, as Zeek writes them. */
const COMMANDS: readonly string[] =
  'sleep quit init_db query field_list create_db drop_db refresh shutdown statistics process_info connect process_kill debug ping time delayed_insert change_user binlog_dump table_dump connect_out register_slave stmt_prepare stmt_execute stmt_send_long_data stmt_close stmt_reset set_option stmt_fetch daemon binlog_dump_gtid reset_connection'.split(
    ' ',
  );

/** The name of a command; undefined for numbers that no server knows. */
export const commandName = (command: number): string | undefined => COMMANDS[command];

/** Where the bytes up to the next zero end. */
export function zeroAt(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(0, from);
  return end < 0 ? bytes.length : end;
}

/** An integer of 1, 3, 4 or 9 bytes. */
export function lengthEncoded(r: Reader): number {
  const first = r.u8();
  if (first < 0xfb) return first;
  if (first === 0xfc) return r.u16le();
  if (first === 0xfd) return r.u16le() + r.u8() * 0x1_0000;
  if (first !== 0xfe) return 0;
  const low = r.u32le();
  return r.u32le() * 0x1_0000_0000 + low;
}

/** Capabilities of the server in the payload of its greeting; undefined if it is none of version 10. */
export function readGreeting(payload: Uint8Array): number | undefined {
  if (payload[0] !== 10) return undefined;
  const r = new Reader(payload, zeroAt(payload, 1) + 1);
  r.skip(4 + 8 + 1);
  const low = r.u16le();
  if (r.bad) return undefined;
  r.skip(1 + 2);
  return low + r.u16le() * 0x1_0000;
}

export interface Login {
  readonly capabilities: number;
  /** Undefined where the client asks for TLS and says the rest there. */
  readonly user: string | undefined;
}

/** Bytes of a log-in up to the user: flags, packet size, character set, filler; what a request for TLS stops at. */
const BEFORE_USER = 32;
const BEFORE_USER_OLD = 5;

/** Reads the client's answer to the greeting; undefined if it is broken. */
export function readLogin(payload: Uint8Array): Login | undefined {
  const r = new Reader(payload);
  const low = r.u16le();
  const isNew = (low & CAPABILITY.protocol41) !== 0;
  const capabilities = isNew ? low + r.u16le() * 0x1_0000 : low;
  const from = isNew ? BEFORE_USER : BEFORE_USER_OLD;
  if (r.bad || payload.length < from) return undefined;
  if ((low & CAPABILITY.ssl) !== 0 && payload.length === from) return { capabilities, user: undefined };
  return { capabilities, user: fieldText(payload, from, zeroAt(payload, from)) };
}

/** The message of an error packet: behind the number, and behind the state where one is given. */
export const readError = (payload: Uint8Array): string => fieldText(payload, payload[3] === HASH ? 9 : 3);

const HASH = 0x23;

/** Bytes of values by type; those of other types have their length in front. */
const SIZES = new Map([
  [0x01, 1],
  [0x02, 2],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 0],
  [0x08, 8],
  [0x09, 4],
  [0x0d, 2],
]);

function skipText(r: Reader): void {
  r.skip(lengthEncoded(r));
}

/** Passes over the attributes in front of a statement. */
function skipAttributes(r: Reader): void {
  const count = lengthEncoded(r);
  lengthEncoded(r);
  if (count === 0 || r.bad) return;
  const nulls = r.take((count + 7) >> 3);
  const types: number[] = [];
  if (r.u8() !== 1) return;
  for (let i = 0; i < count && !r.bad; i++) {
    types.push(r.u16le() & 0xff);
    skipText(r);
  }
  for (const [i, type] of types.entries()) {
    if ((nulls[i >> 3]! >> (i & 7)) & 1) continue;
    const size = SIZES.get(type);
    if (size === undefined) skipText(r);
    else r.skip(size);
  }
}

/** Where the statement of a query begins: behind its attributes, if it has some. */
export function statementAt(payload: Uint8Array, from: number): number {
  const r = new Reader(payload, from);
  skipAttributes(r);
  return r.bad ? from : r.at;
}
