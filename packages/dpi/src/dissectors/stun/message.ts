/** STUN messages: their kind and the attributes that records use. RFC 8489 §5, §14, RFC 8656 §18. */
import { formatAddress, formatV4 } from '@thymus/core';
import { fieldText } from '../../text.ts';

const HEADER = 20;
const COOKIE = [0x21, 0x12, 0xa4, 0x42] as const;
const MAPPED_ADDRESS = 0x0001;
const USERNAME = 0x0006;
const REALM = 0x0014;
const XOR_RELAYED_ADDRESS = 0x0016;
const XOR_MAPPED_ADDRESS = 0x0020;
const SOFTWARE = 0x8022;
const MOST_ATTRIBUTES = 64;

const METHODS: Readonly<Record<number, string>> = {
  1: 'binding',
  3: 'allocate',
  4: 'refresh',
  6: 'send',
  7: 'data',
  8: 'create_permission',
  9: 'channel_bind',
  10: 'connect',
  11: 'connection_bind',
  12: 'connection_attempt',
};

export const CLASS = { REQUEST: 0, INDICATION: 1, SUCCESS: 2, ERROR: 3 } as const;

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface StunMessage {
  readonly method: string;
  /** One of `CLASS`. */
  readonly class: number;
  mapped?: Endpoint;
  relayed?: Endpoint;
  username?: string;
  realm?: string;
  software?: string;
}

/** Bytes of the message that begins at `at`; 0 if none does. */
export function messageLength(bytes: Uint8Array, at = 0): number {
  if (bytes.length - at < HEADER || (bytes[at]! & 0xc0) !== 0 || (bytes[at + 3]! & 3) !== 0) return 0;
  for (let i = 0; i < COOKIE.length; i++) if (bytes[at + 4 + i] !== COOKIE[i]) return 0;
  return HEADER + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
}

/** Reads a message that `messageLength` measured. */
export function readMessage(bytes: Uint8Array): StunMessage {
  const type = (bytes[0]! << 8) | bytes[1]!;
  const number = (type & 0x0f) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80);
  const message: StunMessage = {
    method: METHODS[number] ?? `unknown-${number}`,
    class: ((type >> 7) & 2) | ((type >> 4) & 1),
  };
  let at = HEADER;
  for (let n = 0; n < MOST_ATTRIBUTES && at + 4 <= bytes.length; n++) {
    const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (end > bytes.length) break;
    readAttribute(message, (bytes[at]! << 8) | bytes[at + 1]!, bytes, at + 4, end);
    at = end + (-(end - at) & 3);
  }
  return message;
}

function readAttribute(message: StunMessage, type: number, bytes: Uint8Array, at: number, end: number): void {
  switch (type) {
    case MAPPED_ADDRESS:
      set(message, 'mapped', endpoint(bytes, at, end, false));
      break;
    case XOR_MAPPED_ADDRESS:
      set(message, 'mapped', endpoint(bytes, at, end, true));
      break;
    case XOR_RELAYED_ADDRESS:
      set(message, 'relayed', endpoint(bytes, at, end, true));
      break;
    case USERNAME:
      message.username = fieldText(bytes, at, end);
      break;
    case REALM:
      message.realm = fieldText(bytes, at, end);
      break;
    case SOFTWARE:
      message.software = fieldText(bytes, at, end);
  }
}

function set(message: StunMessage, key: 'mapped' | 'relayed', value: Endpoint | undefined): void {
  if (value) message[key] = value;
}

/** Address and port; the newer form hides them from devices that would rewrite them, under cookie and transaction. */
function endpoint(bytes: Uint8Array, at: number, end: number, isHidden: boolean): Endpoint | undefined {
  const size = bytes[at + 1] === 1 ? 4 : bytes[at + 1] === 2 ? 16 : 0;
  if (size === 0 || end - at !== 4 + size) return undefined;
  const plain = bytes.slice(at + 2, end);
  if (isHidden) {
    plain[0]! ^= COOKIE[0];
    plain[1]! ^= COOKIE[1];
    for (let i = 0; i < size; i++) plain[2 + i]! ^= bytes[4 + i]!;
  }
  const address = size === 4 ? formatV4(plain, 2) : formatAddress(plain, 2);
  return { address, port: (plain[0]! << 8) | plain[1]! };
}
