/** Keys of QUIC's first packets, which anybody can derive from the client's connection id. RFC 9001 §5, RFC 9369 §3.3. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

interface Generation {
  readonly salt: KeyObject;
  /** What the labels of the keys begin with. */
  readonly label: string;
  /** Number of the Initial packet type. */
  readonly initial: number;
}

const generation = (salt: string, label = 'quic', initial = 0): Generation => ({
  salt: createSecretKey(salt, 'hex'),
  label,
  initial,
});

const V1 = generation('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const V2 = generation('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'quicv2', 1);
const DRAFT_29 = generation('afbfec289993d24c9e9786f19c6111e04390a899');
const DRAFT_23 = generation('c3eef712c72ebb5a11a7d2432bb46365bef9f502');

/** What a version's first packets are sealed with; undefined for versions that are not known. */
export function generationOf(version: number): Generation | undefined {
  if (version === 1) return V1;
  if (version === 0x6b33_43cf) return V2;
  const draft = version - 0xff00_0000;
  if (draft >= 33 && draft <= 34) return V1;
  if (draft >= 29 && draft <= 32) return DRAFT_29;
  return draft >= 23 && draft <= 28 ? DRAFT_23 : undefined;
}

// Node takes four times as long for keys that are given as bytes, and longer for each piece of data.
const hmac = (key: KeyObject, data: Uint8Array): Buffer => createHmac('sha256', key).update(data).digest();

/** HKDF-Expand-Label with an empty context, RFC 8446 §7.1; up to 32 bytes. */
function expand(secret: KeyObject, label: string, length: number): Uint8Array {
  const name = `tls13 ${label}`;
  const info = Buffer.alloc(name.length + 5);
  info[1] = length;
  info[2] = name.length;
  info.write(name, 3);
  info[info.length - 1] = 1;
  return hmac(secret, info).subarray(0, length);
}

const expandKey = (secret: KeyObject, label: string, length: number): KeyObject =>
  createSecretKey(expand(secret, label, length));

/** The keys of one direction. */
export interface PacketKeys {
  readonly key: KeyObject;
  readonly iv: Uint8Array;
  readonly headerKey: KeyObject;
}

function keysOf(secret: KeyObject, label: string): PacketKeys {
  return {
    key: expandKey(secret, `${label} key`, 16),
    iv: expand(secret, `${label} iv`, 12),
    headerKey: expandKey(secret, `${label} hp`, 16),
  };
}

/** Keys of client and server for the first packets to a connection id. */
export function initialKeys({ salt, label }: Generation, connectionId: Uint8Array): [PacketKeys, PacketKeys] {
  const secret = createSecretKey(hmac(salt, connectionId));
  return [
    keysOf(expandKey(secret, 'client in', 32), label),
    keysOf(expandKey(secret, 'server in', 32), label),
  ];
}

/** The five bytes that hide parts of a header, from 16 bytes of the sealed payload. RFC 9001 §5.4.3. */
export function headerMask(keys: PacketKeys, sample: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', keys.headerKey, null);
  return cipher.update(sample);
}

/** The number used once for a packet. RFC 9001 §5.3. */
export function nonceOf(keys: PacketKeys, packetNumber: number): Uint8Array {
  const nonce = Uint8Array.from(keys.iv);
  for (let i = 0; i < 4; i++) nonce[11 - i]! ^= (packetNumber >>> (8 * i)) & 0xff;
  return nonce;
}

/** Opens a sealed payload; undefined if it was sealed otherwise. */
export function unseal(
  keys: PacketKeys,
  packetNumber: number,
  header: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < 16) return undefined;
  const decipher = createDecipheriv('aes-128-gcm', keys.key, nonceOf(keys, packetNumber));
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = decipher.update(sealed.subarray(0, -16));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined; // the only thing final() can say is that the tag does not fit
  }
}
