/** The text of SIP messages: start lines, headers, where a message ends. RFC 3261 §7, §7.3.3 (compact forms). */
import { fieldText, latin1Text } from '../../text.ts';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** Bytes of a start line and headers. */
export const MAX_HEAD = 65_536;
const MOST_HEADERS = 256;
const MAX_LINE = 4_096;

/** Start lines; what stands before a request is told as junk. */
const REQUEST = /^([^\w.!%*+`'~-]*)([\w.!%*+`'~-]+)[ \t]+([!-~]+)[ \t]+SIP\/\d\.\d$/;
const REPLY = /^SIP\/\d\.\d[ \t]+(\d{3})[ \t]*(.*)$/;

const COMPACT: Readonly<Record<string, string>> = {
  C: 'CONTENT-TYPE',
  F: 'FROM',
  I: 'CALL-ID',
  L: 'CONTENT-LENGTH',
  S: 'SUBJECT',
  T: 'TO',
  V: 'VIA',
};

export interface SipMessage {
  /** Bytes before the method that belong to nothing. */
  readonly junk: string;
  readonly request: { readonly method: string; readonly uri: string } | undefined;
  readonly reply: { readonly status: number; readonly reason: string } | undefined;
  /** Names in upper case and in full. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Where the body begins, and how long it says to be. */
  readonly bodyAt: number;
  readonly bodyLength: number;
}

/** Where the empty line after the headers ends; -1 while it has not come. */
export function headEnd(bytes: Uint8Array, from = 0): number {
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    const next = bytes[at + 1] === RETURN ? at + 2 : at + 1;
    if (bytes[next] === LINE_FEED) return next + 1;
  }
  return -1;
}

/** Where the first line ends, without what ends it. */
function lineEnd(bytes: Uint8Array): number {
  const end = bytes.indexOf(LINE_FEED);
  if (end < 0) return bytes.length;
  return end > 0 && bytes[end - 1] === RETURN ? end - 1 : end;
}

/** `SIP/` at `at`. */
const hasName = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x53 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x50 && bytes[at + 3] === 0x2f;

const isCapital = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x41 && byte <= 0x5a;

/** True if the bytes begin with a start line; all methods are words in capitals. */
export function beginsMessage(bytes: Uint8Array): boolean {
  if (!isCapital(bytes[1]) || !isCapital(bytes[2])) return false;
  const end = Math.min(lineEnd(bytes), MAX_LINE);
  // Most text that is asked about is HTTP: its name tells without a closer look.
  if (!hasName(bytes, 0) && !hasName(bytes, end - 7)) return false;
  const line = latin1Text(bytes, 0, end);
  return REPLY.test(line) || REQUEST.test(line);
}

/** Reads a message up to its body; undefined if its first line is no start line. `headTo` is where its headers end. */
export function readMessage(bytes: Uint8Array, headTo: number): SipMessage | undefined {
  const line = latin1Text(bytes, 0, Math.min(lineEnd(bytes), MAX_LINE));
  const reply = REPLY.exec(line);
  const request = reply ? undefined : (REQUEST.exec(line) ?? undefined);
  if (!reply && !request) return undefined;
  const headers = readHeaders(bytes, bytes.indexOf(LINE_FEED) + 1, headTo);
  const length = headers.find(({ name }) => name === 'CONTENT-LENGTH')?.value ?? '';
  return {
    junk: request?.[1] ?? '',
    request: request && { method: request[2]!, uri: request[3]! },
    reply: reply ? { status: Number(reply[1]), reason: reply[2]! } : undefined,
    headers,
    bodyAt: headTo,
    bodyLength: /^\d{1,8}$/.test(length) ? Number(length) : 0,
  };
}

function readHeaders(bytes: Uint8Array, from: number, to: number): { name: string; value: string }[] {
  const headers: { name: string; value: string }[] = [];
  for (const line of fieldText(bytes, from, to).split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toUpperCase();
    headers.push({ name: COMPACT[name] ?? name, value: line.slice(colon + 1).replace(/^[ \t]+/, '') });
    if (headers.length === MOST_HEADERS) break;
  }
  return headers;
}
