import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { type PacketSink, readCaptures } from '@thymus/capture';
import { internetChecksum, type LogRecord } from '@thymus/core';
import { DISSECTORS, Engine, PacketGate, type PacketTaker } from '@thymus/dpi';
import { sharedFolder } from '../../../../tools/shared.ts';

const shared = sharedFolder();
const withCorpora = { skip: shared === undefined ? 'no corpora' : false };

/** Captures of all kinds, with retransmissions, fragments, tunnels, IPv6 and tags among them. */
function captures(): string[] {
  const folder = join(shared!, 'corpora/zeek');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    captures: { file: string; packets: number }[];
  };
  return manifest.captures
    .filter(({ packets }, i) => packets > 1 && packets < 3000 && i % 8 === 0)
    .map(({ file }) => join(folder, file));
}

/** The records of a capture whose packets `route` hands on; times of last resort stay as they are. */
async function recordsOf(
  path: string,
  route: (engine: Engine) => PacketSink | (() => PacketSink),
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const engine = new Engine(
    { checksums: 'ignore', ownColumns: false },
    (record) => records.push(record),
    DISSECTORS,
  );
  await readCaptures([path], route(engine));
  engine.finish();
  return records;
}

/** The frame as a switch further on would mirror it: one more VLAN tag, one hop less to live. */
function asSeenElsewhere(frame: Uint8Array): Uint8Array {
  const type = (frame[12]! << 8) | frame[13]!;
  const copy = Buffer.concat([frame.subarray(0, 12), Buffer.from('81000063', 'hex'), frame.subarray(12)]);
  copy.write('02ffffffffff', 6, 'hex');
  if (type === 0x86dd) copy[18 + 7] = Math.max(1, copy[18 + 7]! - 1);
  if (type !== 0x0800) return copy;
  const header = (copy[18]! & 15) << 2;
  copy[18 + 8] = Math.max(1, copy[18 + 8]! - 1);
  copy.writeUInt16BE(0, 18 + 10);
  copy.writeUInt16BE(internetChecksum(copy.subarray(18, 18 + header)), 18 + 10);
  return copy;
}

/** Hands each packet to one interface, and its copy a little later to another. */
const twice = (one: PacketTaker, other: PacketTaker): PacketSink => ({
  packet(bytes, offset, caplen, wirelen, ts, linktype) {
    one.packet(bytes, offset, caplen, wirelen, ts, linktype);
    const isPlain = linktype === 1 && caplen >= 14 && bytes[offset + 12]! !== 0x81;
    const frame = bytes.slice(offset, offset + caplen);
    const copy = isPlain ? asSeenElsewhere(frame) : frame;
    other.packet(copy, 0, copy.length, wirelen + copy.length - caplen, ts, linktype);
  },
});

/** Copies in the captures that were made on a mirror which showed some packets twice. */
const LOST = ['vnd.ms-cab-compressed-multi-conn.pcap: 78', 'mysql8-navicat-login-failed.pcap: 7'];

/** Passes on what one interface delivers, and counts the copies that it finds. */
function gated(copies: { found: number }) {
  return (engine: Engine): PacketSink => {
    const gate = new PacketGate({ deduplicate: true }, engine);
    const taker = gate.open();
    return {
      packet(...packet) {
        taker.packet(...packet);
        copies.found = gate.counts[0]!.duplicatePackets;
      },
    };
  };
}

test('a capture seen on two interfaces gives the records of one', withCorpora, async () => {
  for (const path of captures()) {
    const once = await recordsOf(path, gated({ found: 0 }));
    const doubled = await recordsOf(path, (engine) => {
      const gate = new PacketGate({ deduplicate: true }, engine);
      return twice(gate.open(), gate.open());
    });
    assert.deepEqual(doubled, once, path);
  }
});

test('retransmissions are kept: only captures that were made twice lose packets', withCorpora, async () => {
  const lost: string[] = [];
  for (const path of captures()) {
    const copies = { found: 0 };
    const kept = await recordsOf(path, gated(copies));
    if (copies.found > 0) lost.push(`${basename(path)}: ${copies.found}`);
    else assert.deepEqual(kept, await recordsOf(path, (engine) => engine), path);
  }
  // These have packets twice, with the same IP id within microseconds.
  assert.deepEqual(lost, LOST);
});
