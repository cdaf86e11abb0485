/** Captures made by hand, for tests: every field can be set, also to what no program would write. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PacketSink } from '../source.ts';

export type ByteOrder = 'little' | 'big';

export interface Seen {
  ts: number;
  caplen: number;
  wirelen: number;
  linktype: number;
  /** The frame's bytes as text. */
  text: string;
}

/** A sink that keeps what it gets. */
export function keeper(): PacketSink & { seen: Seen[] } {
  const seen: Seen[] = [];
  return {
    seen,
    packet(bytes, offset, caplen, wirelen, ts, linktype) {
      const text = Buffer.from(bytes.subarray(offset, offset + caplen)).toString('latin1');
      seen.push({ ts, caplen, wirelen, linktype, text });
    },
  };
}

export const u32 = (order: ByteOrder, ...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) {
    if (order === 'little') bytes.writeUInt32LE(value >>> 0, i * 4);
    else bytes.writeUInt32BE(value >>> 0, i * 4);
  }
  return bytes;
};

export const u16 = (order: ByteOrder, ...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) {
    if (order === 'little') bytes.writeUInt16LE(value, i * 2);
    else bytes.writeUInt16BE(value, i * 2);
  }
  return bytes;
};

export interface MadePacket {
  seconds: number;
  /** µs or ns, as the file has it. */
  fraction?: number;
  text: string;
  wirelen?: number;
}

/** A pcap file. */
export function pcap(
  packets: readonly MadePacket[],
  order: ByteOrder = 'little',
  magic = 0xa1b2c3d4,
  linktype = 1,
) {
  const parts = [u32(order, magic), u16(order, 2, 4), u32(order, 0, 0, 65_535, linktype)];
  for (const { seconds, fraction = 0, text, wirelen = text.length } of packets) {
    parts.push(u32(order, seconds, fraction, text.length, wirelen));
    if (magic === 0xa1b2cd34) parts.push(Buffer.alloc(8, 0xee));
    parts.push(Buffer.from(text, 'latin1'));
  }
  return Buffer.concat(parts);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

/** A pcapng block of any type. */
export function block(order: ByteOrder, type: number, ...body: Buffer[]): Buffer {
  const bytes = padded(Buffer.concat(body));
  const length = bytes.length + 12;
  return Buffer.concat([u32(order, type, length), bytes, u32(order, length)]);
}

export const section = (order: ByteOrder): Buffer =>
  block(order, 0x0a0d0d0a, u32(order, 0x1a2b3c4d), u16(order, 1, 0), u32(order, 0xffffffff, 0xffffffff));

export const option = (order: ByteOrder, code: number, value: Buffer): Buffer =>
  Buffer.concat([u16(order, code, value.length), padded(value)]);

export const describeInterface = (
  order: ByteOrder,
  linktype: number,
  snaplen = 0,
  ...options: Buffer[]
): Buffer => block(order, 1, u16(order, linktype, 0), u32(order, snaplen), ...options, u32(order, 0));

/** An enhanced packet block. `ticks` in the resolution of its interface. */
export function enhanced(order: ByteOrder, of: number, ticks: bigint, text: string, wirelen = text.length) {
  const time = u32(order, of, Number(ticks >> 32n), Number(ticks & 0xffffffffn));
  return block(
    order,
    6,
    time,
    u32(order, text.length, wirelen),
    padded(Buffer.from(text, 'latin1')),
    u32(order, 0),
  );
}

/** Runs a test with a folder of its own, and takes the folder away again. */
export async function inFolder<T>(
  action: (write: (name: string, bytes: Uint8Array | string) => string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-capture-'));
  const write = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  try {
    return await action(write, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
