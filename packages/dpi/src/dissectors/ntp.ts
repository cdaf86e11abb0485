/** NTP over UDP: synchronisation, control and private messages. RFC 5905 §7.3, RFC 9327 §2; rows as Zeek's ntp logs. */
import { formatV4, type Ntp, type NtpControl, type NtpPrivate, Reader } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText } from '../text.ts';
import { headOf } from './head.ts';
import { countExtensions, power, readShort, readTimestamp } from './ntp/fields.ts';

const PORT = 123;
const MESSAGE = 48;
const CONTROL_HEADER = 12;
const PRIVATE_HEADER = 8;

const PASSIVE = 2;
const SERVER = 4;
const BROADCAST = 5;
const CONTROL = 6;
const PRIVATE = 7;

const modeOf = (first: number): number => first & 7;
const versionOf = (first: number): number => (first >> 3) & 7;

/** Bytes of a control message's authenticator: key and checksum. */
const CONTROL_MAC = 12;

class NtpSession implements Session {
  readonly #connection: Connection;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const mode = modeOf(bytes[0] ?? 0);
    if (bytes.length < leastLength(mode)) return this.#isConfirmed ? bytes.length : -1;
    if (!this.#isConfirmed) {
      // An answer that comes first: its request was not seen, or is late.
      if (fromOriginator && (mode === SERVER || mode === PASSIVE)) this.#connection.flip();
      this.#connection.confirm();
      this.#isConfirmed = true;
    }
    if (mode === CONTROL) this.#connection.emit(this.#control(bytes));
    else if (mode === PRIVATE) this.#connection.emit(this.#private(bytes));
    else this.#connection.emit(this.#standard(bytes));
    return bytes.length;
  }

  #standard(bytes: Uint8Array): Ntp {
    const stratum = bytes[1]!;
    return {
      kind: 'ntp',
      ...headOf(this.#connection),
      version: versionOf(bytes[0]!),
      mode: modeOf(bytes[0]!),
      stratum,
      poll: power(bytes[2]!),
      precision: power(bytes[3]!),
      root_delay: readShort(bytes, 4),
      root_disp: readShort(bytes, 8),
      ref_id: stratum < 2 ? fieldText(bytes, 12, 16) : formatV4(bytes, 12),
      ref_time: readTimestamp(bytes, 16),
      org_time: readTimestamp(bytes, 24),
      rec_time: readTimestamp(bytes, 32),
      xmt_time: readTimestamp(bytes, 40),
      num_exts: countExtensions(bytes, MESSAGE),
    };
  }

  #control(bytes: Uint8Array): NtpControl {
    const r = new Reader(bytes, 1);
    const second = r.u8();
    const row: NtpControl = {
      kind: 'ntp_control',
      ...headOf(this.#connection),
      version: versionOf(bytes[0]!),
      mode: CONTROL,
      op_code: second & 0x1f,
      sequence: r.u16(),
      status: r.u16(),
      association_id: r.u16(),
      resp_bit: (second & 0x80) !== 0,
      err_bit: (second & 0x40) !== 0,
      more_bit: (second & 0x20) !== 0,
    };
    r.skip(2);
    const end = CONTROL_HEADER + r.u16();
    if (end > CONTROL_HEADER) row.data = fieldText(bytes, CONTROL_HEADER, Math.min(end, bytes.length));
    if (bytes.length - end !== CONTROL_MAC) return row;
    row.key_id = new Reader(bytes, end).u32();
    row.crypto_checksum = fieldText(bytes, end + 4, end + CONTROL_MAC);
    return row;
  }

  #private(bytes: Uint8Array): NtpPrivate {
    const items = (((bytes[4]! & 15) << 8) | bytes[5]!) * (((bytes[6]! & 15) << 8) | bytes[7]!);
    const end = Math.min(PRIVATE_HEADER + items, bytes.length);
    return {
      kind: 'ntp_private',
      ...headOf(this.#connection),
      version: versionOf(bytes[0]!),
      mode: PRIVATE,
      req_code: bytes[3]!,
      sequence: bytes[1]! & 0x7f,
      implementation: bytes[2]!,
      auth_bit: (bytes[1]! & 0x80) !== 0,
      err: bytes[4]! >> 4,
      ...(end > PRIVATE_HEADER ? { data: fieldText(bytes, PRIVATE_HEADER, end) } : {}),
    };
  }
}

/** Bytes that a message of a mode has at least; mode 0 is reserved, and none is long enough. */
function leastLength(mode: number): number {
  if (mode === 0) return Number.POSITIVE_INFINITY;
  if (mode <= BROADCAST) return MESSAGE;
  return mode === CONTROL ? CONTROL_HEADER : PRIVATE_HEADER;
}

/** Versions 1 to 4, no mode that is reserved. */
const canBegin = (first: number): boolean =>
  versionOf(first) >= 1 && versionOf(first) <= 4 && modeOf(first) > 0;

/** Away from its port only plain messages of today's versions count, with sane clocks. */
function looksPlain(bytes: Uint8Array): boolean {
  const version = versionOf(bytes[0]!);
  const mode = modeOf(bytes[0]!);
  const poll = (bytes[2]! << 24) >> 24;
  const precision = (bytes[3]! << 24) >> 24;
  const isServer = mode === SERVER && bytes[1]! > 0 && bytes[1]! < 16;
  const isSane = poll >= 0 && poll <= 17 && precision < 0 && precision >= -32;
  // Two of the four clocks of a server's answer lie within the same 18 hours.
  const isNow = bytes[32] === bytes[40] && bytes[33] === bytes[41] && bytes[32]! >= 0xbc;
  return bytes.length === MESSAGE && (version === 3 || version === 4) && isServer && isSane && isNow;
}

export const ntp: Dissector = {
  name: 'ntp',
  transports: ['udp'],
  ports: [PORT],
  begins: canBegin,
  probe(bytes, _, destPort) {
    const first = bytes[0] ?? 0;
    if (!canBegin(first) || bytes.length < leastLength(modeOf(first))) return 0;
    if (destPort !== PORT) return looksPlain(bytes) ? 0.7 : 0;
    return modeOf(first) > BROADCAST || bytes[1]! <= 16 ? 0.8 : 0;
  },
  open: (connection) => new NtpSession(connection),
};
