/** Hellos in SSL 2's layout: what clients sent to servers that might speak only that. RFC 6101 appendix E. */
import { Reader } from '@thymus/core';
import type { Handshake } from './handshake.ts';

const CLIENT_HELLO = 1;
const CLIENT_MASTER_KEY = 2;
const SERVER_HELLO = 4;

/** True if at least 5 bytes begin an SSL 2 record with a message that its sender may send. */
export function isSsl2(bytes: Uint8Array, fromOriginator: boolean): boolean {
  if ((bytes[0]! & 0x80) === 0) return false;
  const version = (bytes[3]! << 8) | bytes[4]!;
  const isVersion = version === 2 || (version >= 0x0300 && version <= 0x0303);
  if (bytes[2] === CLIENT_HELLO) return fromOriginator && isVersion;
  if (bytes[2] === CLIENT_MASTER_KEY) return fromOriginator;
  return bytes[2] === SERVER_HELLO && !fromOriginator && bytes[4]! < 2;
}

function readServerHello(r: Reader, handshake: Handshake): void {
  r.skip(2); // session id hit, certificate type
  const version = r.u16();
  const [certificateLength, cipherLength, idLength] = [r.u16(), r.u16(), r.u16()];
  const certificate = r.take(certificateLength);
  const cipher = cipherLength >= 3 ? r.u24() : 0;
  r.skip(Math.max(0, cipherLength - 3) + idLength);
  if (r.bad || version !== 2) return;
  handshake.serverHello2(cipher, certificate);
}

/** Reads one record: its size, 0 if it is not all there, negative if it is broken. */
export function readSsl2(bytes: Uint8Array, fromOriginator: boolean, handshake: Handshake): number {
  const length = ((bytes[0]! & 0x7f) << 8) | bytes[1]!;
  if (length < 5) return -1;
  if (bytes.length < length + 2) return 0;
  const r = new Reader(bytes, 3, length + 2);
  if (bytes[2] === CLIENT_HELLO) {
    r.skip(2);
    r.skip(r.u16() + r.u16() + r.u16());
    if (r.bad) return -1;
    handshake.clientHello2();
  } else if (bytes[2] === SERVER_HELLO) readServerHello(r, handshake);
  else if (handshake.version === 2 && fromOriginator) handshake.establish();
  return length + 2;
}
