/**
 * The mixed capture that dissection is measured with: windows of five minutes, each with recorded protocols in several
 * copies and the traffic of an office. Long enough that a sensor's steady state counts for more than its start. Made
 * once; the same recordings give the same file.
 */
import { Random } from '../../packages/core/src/index.ts';
import { capturesFolder, madeOnce } from './cached.ts';
import { addCopy } from './copies.ts';
import { addOffice } from './office.ts';
import { PacketPile } from './packet-pile.ts';
import { readRecordings } from './recorded.ts';

/** Part of the file's name: a new one makes a new file. */
const VERSION = 3;
const START = Date.UTC(2026, 2, 10, 9);
const WINDOW = 300_000;
/** Windows, and from the start of one to the next: idle connections end in between. */
const WINDOWS = 24;
const STRIDE = 620_000;
const SEED = 20;
/** The recordings are a zoo of protocols, rare ones among them; most of a network's traffic is like the office's. */
const COPIES = 4;
const OFFICE_BYTES = 230_000_000;
const ROOM = 402_653_184;

/** Path of the capture, which is made where it is missing; 280 MB a window. Throws where there are no recordings. */
export function mixedCapture(windows = WINDOWS): Promise<string> {
  return madeOnce(`mix-${VERSION}-${windows}.pcap`, async (file) => {
    const random = new Random(SEED);
    const recordings = await readRecordings(capturesFolder(), WINDOW);
    const pile = new PacketPile(ROOM);
    for (let window = 0; window < windows; window++) {
      const from = START + window * STRIDE;
      for (let copy = 0; copy < COPIES; copy++) {
        addCopy(pile, recordings, window * COPIES + copy, { from, duration: WINDOW }, random);
      }
      addOffice(pile, { seed: SEED + window, from, duration: WINDOW, bytes: OFFICE_BYTES });
      pile.write(file);
    }
  });
}
