/** QUIC packets with long headers, and the parts of a handshake within them. RFC 9000 §17.2, §19. */
import { Reader } from '@thymus/core';
import { generationOf, headerMask, type PacketKeys, unseal } from './keys.ts';

/** `unknown`: nothing is known of packets of this version but their connection ids. RFC 8999. */
export type PacketKind = 'initial' | 'early' | 'handshake' | 'retry' | 'unknown';
const KINDS: readonly PacketKind[] = ['initial', 'early', 'handshake', 'retry'];
/** Bytes of a connection id. */
const LONGEST_ID = 20;

export interface LongPacket {
  readonly kind: PacketKind;
  readonly version: number;
  /** Connection ids. */
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  /** Where the packet number stands, still hidden. */
  readonly numberAt: number;
  /** Bytes of the datagram from the packet's first to its last. */
  readonly bytes: Uint8Array;
}

/** A number of 1, 2, 4 or 8 bytes. RFC 9000 §16. */
export function variable(r: Reader): number {
  const first = r.u8();
  let value = first & 0x3f;
  for (let more = (1 << (first >> 6)) - 1; more > 0; more--) value = value * 256 + r.u8();
  return value;
}

/** Reads the long header at `at`; undefined if none stands there. */
export function readLongPacket(datagram: Uint8Array, at: number): LongPacket | undefined {
  const r = new Reader(datagram, at);
  const first = r.u8();
  const version = r.u32();
  if ((first & 0xc0) !== 0xc0) return undefined;
  const destination = r.take(r.u8());
  const source = r.take(r.u8());
  if (r.bad || destination.length > LONGEST_ID || source.length > LONGEST_ID) return undefined;
  const generation = generationOf(version);
  const kind = generation ? KINDS[(((first >> 4) & 3) - generation.initial + 4) % 4]! : 'unknown';
  const head = { kind, version, destination, source };
  if (kind === 'retry' || kind === 'unknown') return { ...head, numberAt: 0, bytes: datagram.subarray(at) };
  if (kind === 'initial') r.skip(variable(r));
  const length = variable(r);
  const numberAt = r.at - at;
  r.skip(length);
  return r.bad ? undefined : { ...head, numberAt, bytes: datagram.subarray(at, r.at) };
}

/** Opens a packet: its frames, or undefined if the keys are not those it was sealed with. */
export function openPacket({ bytes, numberAt }: LongPacket, keys: PacketKeys): Uint8Array | undefined {
  if (bytes.length < numberAt + 20) return undefined;
  const mask = headerMask(keys, bytes.subarray(numberAt + 4, numberAt + 20));
  const first = bytes[0]! ^ (mask[0]! & 0x0f);
  const numberLength = (first & 3) + 1;
  const header = bytes.slice(0, numberAt + numberLength);
  header[0] = first;
  let packetNumber = 0;
  for (let i = 0; i < numberLength; i++) {
    header[numberAt + i]! ^= mask[i + 1]!;
    packetNumber = packetNumber * 256 + header[numberAt + i]!;
  }
  return unseal(keys, packetNumber, header, bytes.subarray(numberAt + numberLength));
}

const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const ACK_WITH_ECN = 0x03;
const CRYPTO = 0x06;
const CLOSE = 0x1c;

function skipAck(r: Reader, hasEcn: boolean): void {
  variable(r);
  variable(r);
  const ranges = variable(r);
  variable(r);
  for (let i = 0; i < ranges * 2 && !r.bad; i++) variable(r);
  if (hasEcn) for (let i = 0; i < 3; i++) variable(r);
}

/**
 * Calls `take` for each part of the handshake in the frames of an Initial packet, with its place in the stream. True if
 * the connection is closed in it.
 */
export function eachCryptoFrame(
  frames: Uint8Array,
  take: (offset: number, bytes: Uint8Array) => void,
): boolean {
  const r = new Reader(frames);
  while (r.left > 0 && !r.bad) {
    const type = r.u8();
    if (type === PADDING || type === PING) continue;
    if (type === ACK || type === ACK_WITH_ECN) skipAck(r, type === ACK_WITH_ECN);
    else if (type === CRYPTO) {
      const offset = variable(r);
      const bytes = r.take(variable(r));
      if (!r.bad) take(offset, bytes);
    } else return type === CLOSE; // all others have no business here
  }
  return false;
}
