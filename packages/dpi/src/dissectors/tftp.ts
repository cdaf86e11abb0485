/** TFTP: which file is asked for or offered, and the transfer, which comes from a port of its own. RFC 1350, RFC 2347-2349. */
import { Reader, type Tftp } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import type { FileTransfer } from '../files/transfer.ts';
import { fieldText, latin1Text } from '../text.ts';

const READ = 1;
const WRITE = 2;
const DATA = 3;
const ACKNOWLEDGE = 4;
const ERROR = 5;
const OPTIONS = 6;

const BLOCK_BYTES = 512;
const MOST_BLOCK_BYTES = 65_464;
/** Longest request that is looked at: names and options are short. */
const MOST_REQUEST = 512;
const REQUEST = /^[ -~\x80-\xff]{1,300}\0(?:octet|netascii|mail)\0/i;

/** A text that a zero, or the end of the packet, ends. */
function readText(r: Reader): string {
  const zero = r.bytes.indexOf(0, r.at);
  const end = zero < 0 || zero > r.end ? r.end : zero;
  const text = fieldText(r.take(end - r.at));
  if (end < r.end) r.skip(1);
  return text;
}

/** One transfer, which the request's connection begins and another mostly goes on with. */
class Transfer {
  /** True once the connection that carries the blocks has come: it writes the record. */
  isTaken = false;
  readonly row: Tftp;
  #blockBytes = BLOCK_BYTES;
  #block = 0;
  #file: FileTransfer | undefined;
  #isOver = false;

  constructor(row: Tftp) {
    this.row = row;
  }

  /** Takes any message after the request; false if it is none. */
  take(bytes: Uint8Array, fromOriginator: boolean, connection: Connection): boolean {
    const r = new Reader(bytes);
    const kind = r.u16();
    switch (kind) {
      case DATA:
        this.#data(r.u16(), bytes, fromOriginator, connection);
        break;
      case ACKNOWLEDGE:
        this.row.block_acked = r.u16();
        break;
      case ERROR:
        this.row.error_code = r.u16();
        this.row.error_msg = readText(r);
        break;
      case OPTIONS:
        this.#options(r);
        break;
      default:
        return false;
    }
    return !r.bad;
  }

  end(connection: Connection): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#file?.end();
    connection.emit(this.row);
  }

  /** Blocks come one by one; one that came before is a repetition. */
  #data(block: number, bytes: Uint8Array, fromOriginator: boolean, connection: Connection): void {
    const ahead = (block - this.#block) & 0xffff;
    if (ahead === 0 || ahead > 0x7fff || this.#isOver) return;
    const filename = this.row.fname;
    this.#file ??= connection.file({ source: 'TFTP', isOrig: fromOriginator, filename });
    if (ahead > 1) this.#file.gap((ahead - 1) * this.#blockBytes);
    this.#file.data(bytes, 4);
    this.#block = block;
    this.row.uid_data = connection.uid;
    this.row.size = (this.row.size ?? 0) + bytes.length - 4;
    this.row.block_sent = block;
  }

  #options(r: Reader): void {
    while (r.left > 0) {
      const name = readText(r).toLowerCase();
      const value = Number(readText(r));
      if (name === 'blksize' && value >= 8 && value <= MOST_BLOCK_BYTES) this.#blockBytes = value;
    }
  }
}

class TftpSession implements Session {
  readonly #connection: Connection;
  #transfer: Transfer | undefined;
  readonly #isData: boolean;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { context } = connection;
    this.#isData = context instanceof Transfer;
    if (context instanceof Transfer) {
      context.isTaken = true;
      this.#transfer = context;
      connection.confirm();
    }
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const kind = bytes.length < 4 || bytes[0] !== 0 ? 0 : bytes[1]!;
    if (kind === READ || kind === WRITE) return this.#request(bytes, kind === WRITE);
    if (!this.#transfer?.take(bytes, fromOriginator, this.#connection)) return -1;
    return bytes.length;
  }

  close(): void {
    if (this.#transfer && (this.#isData || !this.#transfer.isTaken)) this.#transfer.end(this.#connection);
  }

  /** A repeated request is no new one. */
  #request(bytes: Uint8Array, wrq: boolean): number {
    if (this.#transfer) return bytes.length;
    const r = new Reader(bytes, 2);
    const fname = readText(r);
    const mode = readText(r).toLowerCase();
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const tuple = { source_ip, source_port, dest_ip, dest_port };
    this.#transfer = new Transfer({ kind: 'tftp', ts, uid, ...tuple, wrq, fname, mode });
    this.#connection.confirm();
    this.#connection.expect({
      dissector: 'tftp',
      proto: 'udp',
      source_ip: dest_ip,
      dest_ip: source_ip,
      dest_port: source_port,
      context: this.#transfer,
    });
    return bytes.length;
  }
}

export const tftp: Dissector = {
  name: 'tftp',
  transports: ['udp'],
  ports: [69],
  begins: (first) => first === 0,
  probe(bytes, fromOriginator) {
    if (!fromOriginator || bytes[0] !== 0 || (bytes[1] !== READ && bytes[1] !== WRITE)) return 0;
    return REQUEST.test(latin1Text(bytes, 2, Math.min(bytes.length, MOST_REQUEST))) ? 1 : 0;
  },
  open: (connection) => new TftpSession(connection),
};
