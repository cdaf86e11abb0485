/**
 * Under which keys a packet is found again in a packet ring: both addresses, and the flow. Also says what need not be
 * kept: of flows that are encrypted (TLS, DTLS, QUIC, SSH, WireGuard), what comes after their first bytes.
 */
import { isMappedV4 } from '@thymus/core';
import { Digest } from './digest.ts';
import { Outline, TCP, UDP } from './outline.ts';

const SYN_ONLY = 2;
const SYN_AND_ACK = 0x12;
/** Flows that are remembered, a power of two: two that fall together are kept whole. */
const FLOWS = 131_072;
/** A flow that was silent for so long is judged anew, ms. */
const FORGOTTEN_AFTER = 3_600_000;
/** In place of a number of bytes. */
const PLAIN = -1;

export class RingKeys {
  /** 0 where the packet has none. */
  source = 0;
  dest = 0;
  flow = 0;
  readonly #outline = new Outline(true);
  readonly #digest = new Digest();
  readonly #limit: number;
  readonly #keys: Int32Array;
  readonly #bytes: Int32Array;
  readonly #times: Float64Array;

  /** Keeps the first `flowBytes` payload bytes of an encrypted flow; 0 keeps everything. */
  constructor(flowBytes = 0) {
    this.#limit = flowBytes;
    const flows = flowBytes > 0 ? FLOWS : 1;
    this.#keys = new Int32Array(flows);
    this.#bytes = new Int32Array(flows);
    this.#times = new Float64Array(flows);
  }

  /** Sets the keys of a packet; false if it need not be kept. */
  wants(bytes: Uint8Array, offset: number, caplen: number, ts: number, linktype: number): boolean {
    const o = this.#outline;
    this.source = 0;
    this.dest = 0;
    this.flow = 0;
    if (!o.read(bytes, offset, caplen, linktype)) return true;
    this.source = this.#hash(bytes, o.sourceAt, o.addressSize);
    this.dest = this.#hash(bytes, o.destAt, o.addressSize);
    const ports = o.sourcePort ^ o.destPort ^ (o.proto << 16);
    this.flow = (Math.imul(this.source ^ this.dest, 0x9e3779b1) ^ Math.imul(ports, 0x85ebca6b)) >>> 0;
    return this.#limit === 0 || o.payloadAt === o.transportAt || this.#isWithinLimit(o, ts);
  }

  /** The key of an address, given as its mapped 16 bytes. */
  addressKey(mapped: Uint8Array): number {
    return isMappedV4(mapped) ? this.#hash(mapped, 12, 4) : this.#hash(mapped, 0, 16);
  }

  #hash(b: Uint8Array, at: number, size: number): number {
    this.#digest.reset(size);
    this.#digest.range(b, at, at + size);
    return this.#digest.first;
  }

  #isWithinLimit(o: Outline, ts: number): boolean {
    const key = this.flow | 0;
    const slot = this.flow & (this.#keys.length - 1);
    const flags = o.proto === TCP ? o.bytes[o.transportAt + 13]! & SYN_AND_ACK : 0;
    const payload = o.end - o.payloadAt;
    const isKnown =
      this.#keys[slot] === key && flags !== SYN_ONLY && ts - this.#times[slot]! < FORGOTTEN_AFTER;
    if (!isKnown) {
      // A new connection on old ports is judged by its own first payload.
      if (this.#keys[slot] === key) this.#keys[slot] = ~key;
      if (payload === 0) return true;
      this.#keys[slot] = key;
      this.#bytes[slot] = looksEncrypted(o) ? 0 : PLAIN;
    }
    this.#times[slot] = ts;
    const before = this.#bytes[slot]!;
    if (before === PLAIN) return true;
    this.#bytes[slot] = Math.min(0x7fff_0000, before + payload);
    // Packets without payload tell how it went on and how it ended, and cost little.
    return payload === 0 || before < this.#limit;
  }
}

/** True if the first payload of a flow begins as an encrypted protocol does. */
function looksEncrypted({ bytes: b, payloadAt: at, end, proto }: Outline): boolean {
  if (end - at < 5) return false;
  const first = b[at]!;
  const isRecord = first >= 0x14 && first <= 0x17;
  if (proto === TCP) {
    if (isRecord && b[at + 1] === 3 && b[at + 2]! <= 4) return true;
    return first === 0x53 && b[at + 1] === 0x53 && b[at + 2] === 0x48 && b[at + 3] === 0x2d;
  }
  if (proto !== UDP) return false;
  if (isRecord && b[at + 1] === 0xfe) return true;
  if ((first & 0xc0) === 0xc0) return isQuicVersion(b, at + 1);
  return first >= 1 && first <= 4 && (b[at + 1]! | b[at + 2]! | b[at + 3]!) === 0 && end - at >= 32;
}

/** QUIC versions 1 (RFC 9000) and 2 (RFC 9369). */
function isQuicVersion(b: Uint8Array, at: number): boolean {
  const version = (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
  return version === 1 || version === 0x6b3343cf;
}
