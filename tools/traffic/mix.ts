/**
 * The mixed capture that dissection is measured with: windows of five minutes, each with recorded protocols in several
 * copies and the traffic of an office. Long enough that a sensor's steady state counts for more than its start. Made
 * once; the same recordings give the same file.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pcapHeader, Random } from '../../packages/core/src/index.ts';
import { sharedFolder } from '../shared.ts';
import { addOffice } from './office.ts';
import { PacketPile } from './packet-pile.ts';
import { findIp, readdress } from './readdress.ts';
import { type Recording, readRecordings } from './recorded.ts';

/** Part of the file's name: a new one makes a new file. */
const VERSION = 3;
const CACHE = join(import.meta.dirname, '../../bench/.cache');
const START = Date.UTC(2026, 2, 10, 9);
const WINDOW = 300_000;
/** Windows, and from the start of one to the next: idle connections end in between. */
const WINDOWS = 8;
const STRIDE = 620_000;
const SEED = 20;
/** The recordings are a zoo of protocols, rare ones among them; most of a network's traffic is like the office's. */
const COPIES = 4;
const OFFICE_BYTES = 230_000_000;
const ROOM = 402_653_184;

/** Path of the capture, which is made where it is missing; 280 MB a window. Throws where there are no recordings. */
export async function mixedCapture(windows = WINDOWS): Promise<string> {
  const path = join(CACHE, `mix-${VERSION}-${windows}.pcap`);
  if (existsSync(path)) return path;
  const shared = sharedFolder();
  if (!shared) throw new Error('The mixed capture needs the recordings of the reference corpora.');
  process.stderr.write(`Making ${path}, once.\n`);
  mkdirSync(CACHE, { recursive: true });
  const random = new Random(SEED);
  const recordings = await readRecordings(join(shared, 'corpora/zeek/captures'), WINDOW);
  const pile = new PacketPile(ROOM);
  const file = openSync(`${path}.part`, 'w');
  writeSync(file, pcapHeader());
  for (let window = 0; window < windows; window++) {
    const from = START + window * STRIDE;
    for (let copy = 0; copy < COPIES; copy++) addCopy(pile, recordings, window * COPIES + copy, from, random);
    addOffice(pile, { seed: SEED + window, from, duration: WINDOW, bytes: OFFICE_BYTES });
    pile.write(file);
  }
  closeSync(file);
  renameSync(`${path}.part`, path);
  return path;
}

/** Each recording at a random place of the window; a copy lies in networks of its own. */
function addCopy(
  pile: PacketPile,
  recordings: readonly Recording[],
  copy: number,
  from: number,
  random: Random,
): void {
  for (const { frames, duration, isTunnel } of recordings) {
    if (isTunnel && copy > 0) continue;
    const begin = from + random.next() * (WINDOW - duration);
    for (const { offset, bytes } of frames) {
      const start = pile.add(begin + offset, bytes);
      const ip = copy > 0 ? findIp(pile.bytes, start, pile.at) : undefined;
      // An odd multiplier reaches every network once.
      if (ip) readdress(pile.bytes, ip, pile.at, (copy * 53) & 255);
    }
  }
}
