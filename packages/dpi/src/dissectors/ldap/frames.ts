/** Where LDAP messages lie in a stream: plain, or within the frames of a log-in's protection. RFC 4511 §5.1, RFC 4752 §3. */
import { Reader } from '@thymus/core';

export const SEQUENCE = 0x30;

/** Bytes of a frame that is passed over at most: more is no frame. */
const LONGEST_FRAME = 0x1000_0000;
/** Bytes at the start of a frame that tell how it is protected, and of Kerberos' header. */
const PEEK = 6;
const LENGTH = 4;
const KERBEROS_HEADER = 16;
const KERBEROS_WRAP = 0x0504;
const SEALED = 2;
/** Bytes of NTLM's signature before a message that is signed but not sealed. MS-NLMP §2.2.2.9. */
const NTLM_SIGNATURE = 16;
const NTLM_VERSION = 0x0100_0000;

/** Length of header and content of the BER value at `at`; 0 while too little is there, -1 if it is none. */
export function berSize(
  bytes: Uint8Array,
  at: number,
): { header: number; length: number } | undefined | null {
  if (bytes.length - at < 2) return undefined;
  const first = bytes[at + 1]!;
  if (first < 0x80) return { header: 2, length: first };
  const digits = first & 0x7f;
  if (digits === 0 || digits > 4) return null;
  if (bytes.length - at < 2 + digits) return undefined;
  let length = 0;
  for (let i = 0; i < digits; i++) length = length * 256 + bytes[at + 2 + i]!;
  return length > LONGEST_FRAME ? null : { header: 2 + digits, length };
}

/** A frame of protection: bytes to pass over, then `plain` bytes of messages, then `after` bytes to pass over. */
export interface Protection {
  readonly before: number;
  readonly plain: number;
  readonly after: number;
}

const sealed = (length: number): Protection => ({ before: LENGTH + length, plain: 0, after: 0 });

/** RFC 4121 §4.2.4: what is not sealed lies as it is, with a checksum behind it or, rotated, before it. */
function kerberosFrame(r: Reader, length: number): Protection {
  const flags = r.u8();
  r.skip(1);
  const extra = r.u16();
  const rotated = r.u16();
  const plain = length - KERBEROS_HEADER - extra;
  if ((flags & SEALED) !== 0 || plain < 0 || (rotated !== 0 && rotated !== extra)) return sealed(length);
  const head = LENGTH + KERBEROS_HEADER;
  return rotated === 0 ? { before: head, plain, after: extra } : { before: head + extra, plain, after: 0 };
}

/** Reads the start of a frame; undefined while too little of it is there, null if it is none. */
export function readProtection(bytes: Uint8Array, at: number): Protection | undefined | null {
  if (bytes.length - at < PEEK) return undefined;
  const r = new Reader(bytes, at);
  const length = r.u32();
  if (length < 2 || length > LONGEST_FRAME) return null;
  const kind = r.u16();
  if (kind === KERBEROS_WRAP) {
    if (length < KERBEROS_HEADER) return sealed(length);
    return bytes.length - at < LENGTH + KERBEROS_HEADER ? undefined : kerberosFrame(r, length);
  }
  if (kind !== NTLM_VERSION >> 16 || length <= NTLM_SIGNATURE) return sealed(length);
  const from = LENGTH + NTLM_SIGNATURE;
  if (bytes.length - at < from + 2) return undefined;
  const size = bytes[at + from] === SEQUENCE ? berSize(bytes, at + from) : null;
  const isPlain = size !== null && size !== undefined && size.header + size.length <= length - NTLM_SIGNATURE;
  return isPlain ? { before: from, plain: length - NTLM_SIGNATURE, after: 0 } : sealed(length);
}
