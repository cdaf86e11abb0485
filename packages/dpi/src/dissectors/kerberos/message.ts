/** Kerberos messages: what records need of requests, replies, tickets and errors. RFC 4120 §5.4 to §5.9. */
import { fieldText } from '../../text.ts';
import {
  BIT_STRING,
  children,
  type Der,
  derAt,
  derInteger,
  derTime,
  inner,
  SEQUENCE,
  tagged,
} from '../der.ts';

/** Message types, which are also their application tags. */
export const AS_REQUEST = 10;
export const AS_REPLY = 11;
export const TGS_REQUEST = 12;
export const TGS_REPLY = 13;
export const AP_REQUEST = 14;
export const AP_REPLY = 15;
export const ERROR = 30;

const TYPES = new Set([
  AS_REQUEST,
  AS_REPLY,
  TGS_REQUEST,
  TGS_REPLY,
  AP_REQUEST,
  AP_REPLY,
  20,
  21,
  22,
  ERROR,
]);

export interface Ticket {
  readonly realm: string | undefined;
  readonly service: string | undefined;
  readonly cipher: number | undefined;
}

/** One message; what its type does not have is undefined. */
export interface Message {
  readonly type: number;
  readonly client?: string | undefined;
  readonly realm?: string | undefined;
  readonly service?: string | undefined;
  readonly from?: number | undefined;
  readonly till?: number | undefined;
  readonly nonce?: number | undefined;
  readonly options?: number | undefined;
  readonly ticket?: Ticket | undefined;
  readonly errorCode?: number | undefined;
  readonly errorText?: string | undefined;
  /** Values of pre-authentication data by their type. */
  readonly padata?: ReadonlyMap<number, Der>;
}

const text = (der: Der | undefined): string | undefined =>
  der && fieldText(der.bytes, der.from, Math.min(der.to, der.from + 512));

/** A principal's parts with slashes between. RFC 4120 §5.2.2. */
function principal(der: Der | undefined): string | undefined {
  const parts = children(tagged(children(der, 2), 1), 16);
  return parts.length > 0 ? parts.map(text).join('/') : undefined;
}

/** The 32 flags of KerberosFlags, the first as the highest bit. */
function flags(der: Der | undefined): number | undefined {
  if (der?.tag !== BIT_STRING || der.to - der.from < 5) return undefined;
  const at = der.from + 1;
  return (
    ((der.bytes[at]! << 24) | (der.bytes[at + 1]! << 16) | (der.bytes[at + 2]! << 8) | der.bytes[at + 3]!) >>>
    0
  );
}

function padata(der: Der | undefined): Map<number, Der> {
  const found = new Map<number, Der>();
  for (const entry of children(der, 32)) {
    const parts = children(entry, 2);
    const type = derInteger(tagged(parts, 1));
    const value = tagged(parts, 2);
    if (type !== undefined && value) found.set(type, value);
  }
  return found;
}

function ticket(der: Der | undefined): Ticket {
  const parts = children(inner(der), 8);
  return {
    realm: text(tagged(parts, 1)),
    service: principal(tagged(parts, 2)),
    cipher: derInteger(tagged(children(tagged(parts, 3), 3), 0)),
  };
}

function request(type: number, parts: readonly Der[]): Message {
  const body = children(tagged(parts, 4), 16);
  return {
    type,
    options: flags(tagged(body, 0)),
    client: principal(tagged(body, 1)),
    realm: text(tagged(body, 2)),
    service: principal(tagged(body, 3)),
    from: derTime(tagged(body, 4)),
    till: derTime(tagged(body, 5)),
    nonce: derInteger(tagged(body, 7)),
    padata: padata(tagged(parts, 3)),
  };
}

const reply = (type: number, parts: readonly Der[]): Message => ({
  type,
  realm: text(tagged(parts, 3)),
  client: principal(tagged(parts, 4)),
  ticket: ticket(tagged(parts, 5)),
  padata: padata(tagged(parts, 2)),
});

const error = (parts: readonly Der[]): Message => ({
  type: ERROR,
  errorCode: derInteger(tagged(parts, 6)),
  realm: text(tagged(parts, 7)),
  client: principal(tagged(parts, 8)),
  service: principal(tagged(parts, 10)),
  errorText: text(tagged(parts, 11)),
});

/** Reads one message; undefined if the bytes are none. */
export function readMessage(bytes: Uint8Array): Message | undefined {
  const outer = derAt(bytes);
  const type = (outer?.tag ?? 0) - 0x60;
  if (!TYPES.has(type)) return undefined;
  const parts = children(inner(outer), 16);
  if (parts.length === 0) return undefined;
  if (type === AS_REQUEST || type === TGS_REQUEST) return request(type, parts);
  if (type === AS_REPLY || type === TGS_REPLY) return reply(type, parts);
  if (type === AP_REQUEST) return { type, ticket: ticket(tagged(parts, 3)) };
  return type === ERROR ? error(parts) : { type };
}

/** True if the bytes begin like a message: application tag, a length, a sequence with version 5. */
export function beginsMessage(bytes: Uint8Array, at: number): boolean {
  const type = (bytes[at] ?? 0) - 0x60;
  if (!TYPES.has(type)) return false;
  const skipLength = (from: number) => from + 1 + (bytes[from]! & 0x80 ? bytes[from]! & 0x7f : 0);
  const sequence = skipLength(at + 1);
  const version = skipLength(sequence + 1);
  const isFirst = bytes[version] === 0xa0 || bytes[version] === 0xa1;
  return bytes[sequence] === 0x30 && isFirst && bytes[version + 1] === 3 && bytes[version + 4] === 5;
}

/** True if the bytes are one value with a message's tag and a sequence in it: enough at Kerberos's own port. */
export function isFramed(bytes: Uint8Array, at: number): boolean {
  const outer = derAt(bytes, at);
  const sequence = inner(outer);
  return TYPES.has((outer?.tag ?? 0) - 0x60) && sequence?.tag === SEQUENCE && sequence.to === bytes.length;
}
