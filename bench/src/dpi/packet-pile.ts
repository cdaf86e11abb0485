/** Packets of many sources in one buffer, written out in the order of time as one capture. pcap-savefile(5). */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET = 1;
const LONGEST_FRAME = 65_535;
const PIECE = 4_194_304;

export class PacketPile {
  /** Room for all frames, taken from the system page by page as it is used. */
  readonly bytes: Buffer;
  at = 0;
  readonly #starts: number[] = [];
  readonly #times: number[] = [];

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  get packets(): number {
    return this.#starts.length;
  }

  /** Ends a frame that begins at `start` and was written up to `at`. `ts` in ms since the epoch. */
  end(start: number, ts: number): void {
    this.#starts.push(start);
    this.#times.push(ts);
  }

  /** Packets of the same time stay in the order in which they came. */
  write(path: string): void {
    const order = Uint32Array.from({ length: this.packets }, (_, i) => i);
    const times = Float64Array.from(this.#times);
    order.sort((a, b) => times[a]! - times[b]! || a - b);
    const file = openSync(`${path}.part`, 'w');
    try {
      this.#writePackets(file, order, times);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.part`, path);
  }

  #writePackets(file: number, order: Uint32Array, times: Float64Array): void {
    const piece = Buffer.allocUnsafe(PIECE + PACKET_HEADER + LONGEST_FRAME);
    let at = writeFileHeader(piece);
    for (const index of order) {
      const start = this.#starts[index]!;
      const end = this.#starts[index + 1] ?? this.at;
      const us = Math.round(times[index]! * 1e3);
      piece.writeUInt32LE(Math.floor(us / 1e6), at);
      piece.writeUInt32LE(us % 1e6, at + 4);
      piece.writeUInt32LE(end - start, at + 8);
      piece.writeUInt32LE(end - start, at + 12);
      at += PACKET_HEADER + this.bytes.copy(piece, at + PACKET_HEADER, start, end);
      if (at < PIECE) continue;
      writeSync(file, piece, 0, at);
      at = 0;
    }
    writeSync(file, piece, 0, at);
  }
}

function writeFileHeader(piece: Buffer): number {
  piece.fill(0, 0, FILE_HEADER);
  piece.writeUInt32LE(0xa1b2c3d4, 0);
  piece.writeUInt16LE(2, 4);
  piece.writeUInt16LE(4, 6);
  piece.writeUInt32LE(LONGEST_FRAME, 16);
  piece.writeUInt32LE(ETHERNET, 20);
  return FILE_HEADER;
}
