/** IKE, the key exchange of IPsec: recognised by its header, on its own port or beside ESP. RFC 7296 §3.1, RFC 2408 §3.1, RFC 3948 §2.2. */
import { recognise } from './recognition.ts';

const HEADER = 28;
const NAT_PORT = 4500;
const VERSION_1 = 0x10;
const VERSION_2 = 0x20;
/** Kinds of exchanges: identity protection, aggressive, informational, quick; version 2's initial to session resume. */
const EXCHANGES: Readonly<Record<number, readonly number[]>> = {
  [VERSION_1]: [1, 2, 3, 4, 5, 6, 32, 33],
  [VERSION_2]: [34, 35, 36, 37, 38, 39, 40, 41, 42, 43],
};

function isIke(bytes: Uint8Array, at: number): boolean {
  const version = bytes[at + 17];
  if (bytes.length < at + HEADER || (version !== VERSION_1 && version !== VERSION_2)) return false;
  const length =
    bytes[at + 24]! * 0x1000000 + ((bytes[at + 25]! << 16) | (bytes[at + 26]! << 8) | bytes[at + 27]!);
  const hasInitiator = bytes.subarray(at, at + 8).some((byte) => byte !== 0);
  return hasInitiator && length === bytes.length - at && EXCHANGES[version]!.includes(bytes[at + 18]!);
}

/** Beside ESP four zeros come first. */
const markerLength = (bytes: Uint8Array): number =>
  bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0 ? 4 : 0;

export const ike = recognise({
  name: 'ike',
  transports: ['udp'],
  ports: [500, NAT_PORT],
  asks: (bytes) => (isIke(bytes, markerLength(bytes)) ? 1 : 0),
});
