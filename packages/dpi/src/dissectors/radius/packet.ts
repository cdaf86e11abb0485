/** RADIUS packets: their code and the attributes that records use. RFC 2865 §3, §5, RFC 2868 §3.3, RFC 2869 §5.11. */
import { formatV4 } from '@thymus/core';
import { fieldText } from '../../text.ts';

export const CODE = { REQUEST: 1, ACCEPT: 2, REJECT: 3, CHALLENGE: 11 } as const;

/** Code, identifier, length, authenticator. */
const HEADER = 20;
const MOST_LENGTH = 4_096;
const KNOWN_CODES: readonly number[] = [1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45];

const USER_NAME = 1;
const FRAMED_ADDRESS = 8;
const REPLY_MESSAGE = 18;
const STATION = 31;
const TUNNEL_CLIENT = 66;
const CONNECT_INFO = 77;

export interface RadiusPacket {
  readonly code: number;
  username?: string;
  framedAddress?: string;
  reply?: string;
  station?: string;
  tunnelClient?: string;
  connectInfo?: string;
}

/** True if the bytes are one whole packet whose attributes fill it. */
export function isPacket(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER || !KNOWN_CODES.includes(bytes[0]!)) return false;
  const end = (bytes[2]! << 8) | bytes[3]!;
  if (end < HEADER || end > MOST_LENGTH || end > bytes.length) return false;
  let at = HEADER;
  while (at + 2 <= end && bytes[at + 1]! >= 2) at += bytes[at + 1]!;
  return at === end;
}

/** Reads a packet that `isPacket` accepted; of attributes that come again the first counts. */
export function readPacket(bytes: Uint8Array): RadiusPacket {
  const packet: RadiusPacket = { code: bytes[0]! };
  const end = (bytes[2]! << 8) | bytes[3]!;
  for (let at = HEADER; at < end; at += bytes[at + 1]!) readAttribute(packet, bytes, at, at + bytes[at + 1]!);
  return packet;
}

function readAttribute(packet: RadiusPacket, bytes: Uint8Array, at: number, end: number): void {
  const text = () => fieldText(bytes, at + 2, end);
  switch (bytes[at]) {
    case USER_NAME:
      packet.username ??= text();
      break;
    case FRAMED_ADDRESS:
      if (end - at === 6) packet.framedAddress ??= formatV4(bytes, at + 2);
      break;
    case REPLY_MESSAGE:
      packet.reply ??= text();
      break;
    case STATION:
      packet.station ??= normalMac(text());
      break;
    case TUNNEL_CLIENT:
      packet.tunnelClient ??= text();
      break;
    case CONNECT_INFO:
      packet.connectInfo ??= text();
  }
}

/** A hardware address with colons in lower case; other text stays as it is. */
function normalMac(text: string): string {
  const digits = text.replace(/[-:.]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits.replace(/(..)(?=.)/g, '$1:') : text;
}
