/** Packets of connection-oriented remote procedure calls: headers, bindings, addresses. C706 §12.6. */
import { Reader } from '@thymus/core';
import { hexText, latin1Text } from '../../text.ts';

export const HEADER = 16;

/** Kinds of packets, C706 §12.6.1 and MS-RPCE §2.2.2.5. */
export const REQUEST = 0;
export const RESPONSE = 2;
export const FAULT = 3;
export const BIND = 11;
export const BIND_ACK = 12;
export const BIND_NAK = 13;
export const ALTER_CONTEXT = 14;
export const ALTER_CONTEXT_RESPONSE = 15;
export const AUTH_3 = 16;
const LAST_KIND = 19;

export const FIRST_FRAGMENT = 1;
export const LAST_FRAGMENT = 2;

/** Bytes before a token: kind, level, padding, context. */
const AUTH_HEADER = 8;
const UUID = 16;
const SYNTAX = 20;
const MOST_CONTEXTS = 32;

export interface Header {
  readonly kind: number;
  readonly flags: number;
  readonly isLittleEndian: boolean;
  /** Bytes of the packet, this header included. */
  readonly length: number;
  readonly authLength: number;
  readonly call: number;
}

/** True if a packet's header begins here. */
export function beginsPdu(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 5 || bytes[at + 1]! > 1 || bytes[at + 2]! > LAST_KIND) return false;
  const order = bytes[at + 4]!;
  if ((order !== 0x10 && order !== 0) || bytes[at + 5]! > 3 || bytes[at + 6] !== 0 || bytes[at + 7] !== 0)
    return false;
  const { length, authLength } = readHeader(bytes, at);
  return length >= HEADER && (authLength === 0 || authLength + AUTH_HEADER + HEADER <= length);
}

export function readHeader(bytes: Uint8Array, at: number): Header {
  const isLittleEndian = bytes[at + 4]! >> 4 === 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER);
  return {
    kind: bytes[at + 2]!,
    flags: bytes[at + 3]!,
    isLittleEndian,
    length: view.getUint16(8, isLittleEndian),
    authLength: view.getUint16(10, isLittleEndian),
    call: view.getUint32(12, isLittleEndian),
  };
}

/** The 16-bit number at `at`, in the order of the packet. */
export const u16At = (bytes: Uint8Array, at: number, isLittleEndian: boolean): number =>
  isLittleEndian ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;

function uuidText(bytes: Uint8Array, isLittleEndian: boolean): string {
  const b = bytes.slice();
  if (isLittleEndian) {
    b.subarray(0, 4).reverse();
    b.subarray(4, 6).reverse();
    b.subarray(6, 8).reverse();
  }
  const part = (from: number, to: number): string => hexText(b, from, to);
  return `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}-${part(8, 10)}-${part(10, 16)}`;
}

/** Interfaces that a binding asks for, by the number that calls will name them with. */
export function readContexts(pdu: Uint8Array, isLittleEndian: boolean): [number, string][] {
  const r = new Reader(pdu, HEADER + 8);
  const count = Math.min(r.u8(), MOST_CONTEXTS);
  r.skip(3);
  const contexts: [number, string][] = [];
  for (let i = 0; i < count && !r.bad; i++) {
    const id = isLittleEndian ? r.u16le() : r.u16();
    const syntaxes = r.u8();
    r.skip(1);
    const uuid = r.take(UUID);
    r.skip(4 + syntaxes * SYNTAX);
    if (uuid.length === UUID) contexts.push([id, uuidText(uuid, isLittleEndian)]);
  }
  return contexts;
}

/** The address that an accepted binding tells: a pipe's name or a port. */
export function readAddress(pdu: Uint8Array, isLittleEndian: boolean): string {
  const r = new Reader(pdu, HEADER + 8);
  const length = isLittleEndian ? r.u16le() : r.u16();
  const text = r.take(Math.min(length, 256));
  return latin1Text(text).replace(/\0.*$/s, '');
}

export interface AuthTrailer {
  readonly type: number;
  readonly token: Uint8Array;
}

/** The token at the end of a packet. */
export function readAuth(pdu: Uint8Array, { length, authLength }: Header): AuthTrailer | undefined {
  if (authLength === 0 || pdu.length < length) return undefined;
  const from = length - authLength;
  return { type: pdu[from - AUTH_HEADER]!, token: pdu.subarray(from, length) };
}
