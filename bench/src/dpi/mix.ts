/**
 * The mixed capture that dissection is measured with: recorded protocols in several copies and the traffic of an
 * office, within five minutes. Made once; the same recordings give the same file.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@thymus/core';
import { sharedFolder } from '../../../tools/shared.ts';
import { addOffice } from './office.ts';
import { PacketPile } from './packet-pile.ts';
import { findIp, readdress } from './readdress.ts';
import { type Recording, readRecordings } from './recorded.ts';

/** Part of the file's name: a new one makes a new file. */
const VERSION = 1;
const CACHE = join(import.meta.dirname, '../../.cache');
const START = Date.UTC(2026, 2, 10, 9);
const WINDOW = 300_000;
const SEED = 20;
const COPIES = 12;
const OFFICE_BYTES = 140_000_000;
const ROOM = 402_653_184;

/** Path of the capture, which is made where it is missing. Throws where there are no recordings. */
export async function mixedCapture(): Promise<string> {
  const path = join(CACHE, `mix-${VERSION}.pcap`);
  if (existsSync(path)) return path;
  const shared = sharedFolder();
  if (!shared) throw new Error('The mixed capture needs the recordings of the reference corpora.');
  process.stderr.write(`Making ${path}, once.\n`);
  mkdirSync(CACHE, { recursive: true });
  rmSync(`${path}.part`, { force: true });
  const pile = new PacketPile(ROOM);
  const random = new Random(SEED);
  const recordings = await readRecordings(join(shared, 'corpora/zeek/captures'), WINDOW);
  for (let copy = 0; copy < COPIES; copy++) addCopy(pile, recordings, copy, random);
  addOffice(pile, { seed: SEED, from: START, duration: WINDOW, bytes: OFFICE_BYTES });
  pile.write(path);
  return path;
}

/** Each recording at a random place of the window; a copy lies in networks of its own. */
function addCopy(pile: PacketPile, recordings: readonly Recording[], copy: number, random: Random): void {
  for (const { frames, duration, isTunnel } of recordings) {
    if (isTunnel && copy > 0) continue;
    const begin = START + random.next() * (WINDOW - duration);
    for (const { offset, bytes } of frames) {
      const start = pile.add(begin + offset, bytes);
      const ip = copy > 0 ? findIp(pile.bytes, start, pile.at) : undefined;
      // An odd multiplier reaches every network once.
      if (ip) readdress(pile.bytes, ip, pile.at, (copy * 53) & 255);
    }
  }
}
