/** NTLM messages: what the client and the server call themselves. MS-NLMP §2.2.1. */
import { Reader } from '@thymus/core';
import { fieldText, MAX_TEXT } from '../../text.ts';

export const NEGOTIATE = 1;
export const CHALLENGE = 2;
export const AUTHENTICATE = 3;

/** "NTLMSSP" and a zero. */
const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00];

/** Flags, MS-NLMP §2.2.2.5. */
const UNICODE = 0x0000_0001;
const TARGET_INFO = 0x0080_0000;

/** Kinds of what a challenge tells of its server, MS-NLMP §2.2.2.1. */
const NETBIOS_COMPUTER = 1;
const DNS_COMPUTER = 3;
const DNS_TREE = 5;
const MOST_PAIRS = 32;

export interface NtlmMessage {
  readonly type: number;
  readonly user?: string | undefined;
  readonly domain?: string | undefined;
  readonly workstation?: string | undefined;
  readonly serverNetbios?: string | undefined;
  readonly serverDns?: string | undefined;
  readonly serverTree?: string | undefined;
}

export const isNtlm = (bytes: Uint8Array): boolean =>
  bytes.length >= 12 && SIGNATURE.every((byte, i) => bytes[i] === byte);

const decoder = new TextDecoder('utf-16le', { fatal: false });

/** UTF-16 text, up to its first zero. */
export function utf16Text(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const text = decoder.decode(bytes.subarray(from, Math.min(to, from + MAX_TEXT)));
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** The bytes that a field at `at` points to: length, space, offset. */
function pointed(bytes: Uint8Array, at: number): Uint8Array {
  const r = new Reader(bytes, at);
  const length = r.u16le();
  r.skip(2);
  r.at = r.u32le();
  return r.bad || r.at > bytes.length ? bytes.subarray(0, 0) : r.take(length);
}

function readAuthenticate(bytes: Uint8Array): NtlmMessage {
  const r = new Reader(bytes, 60);
  // Messages of the first clients end before the flags.
  const isUnicode = r.left < 4 || (r.u32le() & UNICODE) !== 0;
  const text = (at: number): string | undefined => {
    const held = pointed(bytes, at);
    if (held.length === 0) return undefined;
    return isUnicode ? utf16Text(held) : fieldText(held);
  };
  return { type: AUTHENTICATE, domain: text(28), user: text(36), workstation: text(44) };
}

function readChallenge(bytes: Uint8Array): NtlmMessage {
  const r = new Reader(bytes, 20);
  const flags = r.u32le();
  const names = new Map<number, string>();
  const pairs = new Reader((flags & TARGET_INFO) === 0 ? bytes.subarray(0, 0) : pointed(bytes, 40));
  for (let i = 0; i < MOST_PAIRS && pairs.left >= 4; i++) {
    const kind = pairs.u16le();
    const value = pairs.take(pairs.u16le());
    if (kind === 0 || pairs.bad) break;
    if (kind === NETBIOS_COMPUTER || kind === DNS_COMPUTER || kind === DNS_TREE)
      names.set(kind, utf16Text(value));
  }
  return {
    type: CHALLENGE,
    serverNetbios: names.get(NETBIOS_COMPUTER),
    serverDns: names.get(DNS_COMPUTER),
    serverTree: names.get(DNS_TREE),
  };
}

/** One message, or undefined if it is none. */
export function readNtlm(bytes: Uint8Array): NtlmMessage | undefined {
  if (!isNtlm(bytes)) return undefined;
  switch (bytes[8]) {
    case NEGOTIATE:
      return { type: NEGOTIATE };
    case CHALLENGE:
      return readChallenge(bytes);
    case AUTHENTICATE:
      return readAuthenticate(bytes);
    default:
      return undefined;
  }
}
