/** Packets of many sources in one buffer, appended to a capture in the order of time. */
import { writevSync } from 'node:fs';
import { pcapPacket } from '../../packages/core/src/index.ts';

const PIECE = 262_144;

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

  /** Takes a copy of a frame and returns where it begins. `ts` in ms since the epoch. */
  add(ts: number, frame: Uint8Array): number {
    const start = this.at;
    this.bytes.set(frame, start);
    this.at += frame.length;
    this.#starts.push(start);
    this.#times.push(ts);
    return start;
  }

  /** Appends all packets to a capture and starts anew. Packets of the same time stay in the order in which they came. */
  write(file: number): void {
    const order = Uint32Array.from({ length: this.packets }, (_, i) => i);
    const times = Float64Array.from(this.#times);
    order.sort((a, b) => times[a]! - times[b]! || a - b);
    this.#writePackets(file, order, times);
    this.at = 0;
    this.#starts.length = 0;
    this.#times.length = 0;
  }

  #writePackets(file: number, order: Uint32Array, times: Float64Array): void {
    let parts: Uint8Array[] = [];
    let size = 0;
    for (const index of order) {
      const frame = this.bytes.subarray(this.#starts[index]!, this.#starts[index + 1] ?? this.at);
      parts.push(pcapPacket(times[index]!, frame));
      size += frame.length;
      if (size < PIECE) continue;
      writevSync(file, parts);
      parts = [];
      size = 0;
    }
    writevSync(file, parts);
  }
}
