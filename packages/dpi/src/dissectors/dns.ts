/** DNS over UDP and TCP, with mDNS, LLMNR and the NetBIOS name service. RFC 1035, 6762, 4795, 1002; rows as Zeek's dns.log. */
import type { Dns } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { isKnownType, OPCODE, opcodeName } from './dns/constants.ts';
import { fillRow, type Header, readHeader } from './dns/message.ts';
import { DnsReader } from './dns/names.ts';

const HEADER_BYTES = 12;
const NETBIOS_PORT = 137;
const PORTS: readonly number[] = [53, 5353, 5355, NETBIOS_PORT];
/** Messages of a connection that wait for their counterpart; the oldest is written when there are more. */
const MAX_PENDING = 64;
/** A counterpart that has not come after this long (ms) is not waited for: as long as an idle UDP flow is kept. */
const MAX_WAIT = 60_000;

const reader = new DnsReader();

/** True for groups of several receivers: nothing that comes back on such a flow is an answer of theirs. */
function isMulticast(address: string): boolean {
  if (address.startsWith('ff')) return true;
  const first = Number.parseInt(address, 10);
  return first >= 224 && first < 240 && !address.includes(':');
}

/** The opcodes that make rows; NetBIOS gives the numbers other meanings and uses most of them. */
const isTracked = (opcode: number, isNetbios: boolean): boolean =>
  isNetbios || opcode === OPCODE.QUERY || opcode === OPCODE.NOTIFY || opcode === OPCODE.UPDATE;

class DnsSession implements Session {
  readonly #connection: Connection;
  readonly #isNetbios: boolean;
  readonly #isMulticast: boolean;
  /** Queries and replies without counterpart, in order of time. */
  readonly #pending: { row: Dns; isReply: boolean }[] = [];
  #isFirst = true;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#isNetbios = connection.proto === 'udp' && connection.dest_port === NETBIOS_PORT;
    this.#isMulticast = isMulticast(connection.dest_ip);
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    if (this.#connection.proto === 'udp') {
      this.#message(bytes, 0, bytes.length, fromOriginator);
      return bytes.length;
    }
    let at = 0;
    while (at + 2 <= bytes.length) {
      const end = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
      if (end > bytes.length) break;
      this.#message(bytes, at + 2, end, fromOriginator);
      at = end;
    }
    return at;
  }

  close(): void {
    for (const { row } of this.#pending) this.#connection.emit(row);
    this.#pending.length = 0;
  }

  #message(bytes: Uint8Array, from: number, to: number, fromOriginator: boolean): void {
    if (to - from < HEADER_BYTES) {
      this.#connection.weird('DNS_truncated_len_lt_hdr_len', undefined, 'DNS');
      return;
    }
    const header = readHeader(reader.reset(bytes, from, to));
    if (this.#isFirst && header.isReply && fromOriginator && !this.#isMulticast) this.#connection.flip();
    this.#isFirst = false;
    if (!isTracked(header.opcode, this.#isNetbios)) {
      this.weird('DNS_unknown_opcode', String(header.opcode));
      return;
    }
    const ts = this.#connection.ts;
    const waiting = this.#take(header, ts);
    const row = waiting ?? this.#newRow(header, ts);
    fillRow(row, header, reader, this.#isNetbios, ts, this);
    if (waiting || this.#isMulticast) this.#connection.emit(row);
    else this.#wait(row, header.isReply);
  }

  weird(name: string, detail?: string): void {
    this.#connection.weird(name, detail, 'DNS');
  }

  confirm(): void {
    if (this.#isConfirmed) return;
    this.#isConfirmed = true;
    this.#connection.confirm();
  }

  /** The oldest waiting counterpart of a message. */
  #take(header: Header, ts: number): Dns | undefined {
    const pending = this.#pending;
    while (pending.length > 0 && ts - pending[0]!.row.ts > MAX_WAIT)
      this.#connection.emit(pending.shift()!.row);
    for (let i = 0; i < pending.length; i++) {
      const { row, isReply } = pending[i]!;
      if (isReply === header.isReply || row.trans_id !== header.transId) continue;
      pending.splice(i, 1);
      return row;
    }
    return undefined;
  }

  #wait(row: Dns, isReply: boolean): void {
    if (this.#pending.length === MAX_PENDING) this.#connection.emit(this.#pending.shift()!.row);
    this.#pending.push({ row, isReply });
  }

  #newRow(header: Header, ts: number): Dns {
    const { uid, source_ip, source_port, dest_ip, dest_port, proto } = this.#connection;
    return {
      kind: 'dns',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      proto,
      trans_id: header.transId,
      AA: false,
      TC: false,
      RD: false,
      RA: false,
      Z: 0,
      rejected: false,
      opcode: header.opcode,
      opcode_name: opcodeName(header.opcode, this.#isNetbios),
    };
  }
}

/** True if the bytes begin like a message: sane counts, a first question that can be read, of a type in use if asked. */
function looksLikeMessage(bytes: Uint8Array, from: number, isStrict: boolean): boolean {
  if (bytes.length - from < HEADER_BYTES) return false;
  const header = readHeader(reader.reset(bytes, from));
  const { questions, answers, authorities, additionals } = header;
  if (questions > 25 || questions + answers + authorities + additionals === 0) return false;
  if (questions === 0) return !isStrict && header.isReply && answers + authorities + additionals < 256;
  reader.skipName();
  const type = reader.u16();
  const cls = reader.u16() & 0x7fff;
  if (reader.failed) return false;
  if (!isStrict) return true;
  const isPlain = questions === 1 && answers <= 64 && authorities <= 64 && additionals <= 64;
  const isQuery = !header.isReply && answers + authorities === 0 && (header.flags & 0x06cf) === 0;
  const isEnd = reader.at === bytes.length || additionals > 0;
  return isPlain && header.opcode === 0 && isKnownType(type) && cls === 1 && isQuery && isEnd;
}

export const dns: Dissector = {
  name: 'dns',
  transports: ['udp', 'tcp'],
  ports: PORTS,

  probe(bytes, _fromOriginator, destPort) {
    const isPort = PORTS.includes(destPort);
    if (looksLikeMessage(bytes, 0, !isPort)) return isPort ? 0.9 : 0.6;
    const length = bytes.length < 2 ? 0 : (bytes[0]! << 8) | bytes[1]!;
    if (!isPort || length < HEADER_BYTES) return 0;
    if (bytes.length < 2 + HEADER_BYTES) return -1;
    return looksLikeMessage(bytes, 2, false) ? 0.8 : 0;
  },

  open: (connection) => new DnsSession(connection),
};
