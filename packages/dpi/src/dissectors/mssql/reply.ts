/** What an SQL Server answers: the tokens before the rows, and how it ended. MS-TDS §2.2.7. */
import { Reader } from '@thymus/core';
import { utf16Text } from '../ntlm/message.ts';

const TOKEN = {
  order: 0xa9,
  error: 0xaa,
  info: 0xab,
  accepted: 0xad,
  environment: 0xe3,
  system: 0xed,
} as const;

/** Tokens with their length in two bytes in front. */
const COUNTED = new Set<number>(Object.values(TOKEN));
/** Ends of a statement; they stand last in a reply. Their length differs between versions. */
const FIRST_DONE = 0xfd;
const DONE_SIZES = [13, 9];
const FAILED = 0x02;
/** Messages of this class and below are no errors. */
const LAST_INFO_CLASS = 10;

export interface Reply {
  isAccepted: boolean;
  error?: number;
  message?: string;
  /** A token of the operating system: the log-in goes on. */
  token?: Uint8Array;
}

/** Reads the tokens at the beginning of a reply, up to the first that is not known. */
export function readReply(payload: Uint8Array): Reply {
  const reply: Reply = { isAccepted: false };
  const r = new Reader(payload);
  while (r.left > 0) {
    const token = r.u8();
    if (!COUNTED.has(token)) break;
    const body = r.take(r.u16le());
    if (r.bad) break;
    if (token === TOKEN.accepted) reply.isAccepted = true;
    else if (token === TOKEN.system) reply.token = body;
    else if (token === TOKEN.error && reply.error === undefined) readError(body, reply);
  }
  return reply;
}

function readError(body: Uint8Array, reply: Reply): void {
  const r = new Reader(body);
  const number = r.u32le();
  r.skip(1);
  const severity = r.u8();
  const message = r.take(r.u16le() * 2);
  if (r.bad || severity <= LAST_INFO_CLASS) return;
  reply.error = number;
  reply.message = utf16Text(message);
}

/** True if the last packet of a reply ends with the word that the statement failed. */
export function hasFailed(payload: Uint8Array): boolean {
  return DONE_SIZES.some((size) => {
    const at = payload.length - size;
    return (
      at >= 0 && payload[at]! >= FIRST_DONE && (payload[at + 1]! & FAILED) !== 0 && payload[at + 2] === 0
    );
  });
}
