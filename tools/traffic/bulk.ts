/**
 * The bulk capture: recordings of large frames, such as downloads, in copies of their own networks, window after window.
 * Made once; the same recordings give the same file.
 */
import { Random } from '../../packages/core/src/index.ts';
import { capturesFolder, madeOnce } from './cached.ts';
import { addCopy } from './copies.ts';
import { PacketPile } from './packet-pile.ts';
import { type Recording, readRecordings } from './recorded.ts';

/** Part of the file's name: a new one makes a new file. */
const VERSION = 1;
const START = Date.UTC(2026, 2, 11, 9);
const WINDOW = 300_000;
const WINDOWS = 8;
const STRIDE = 620_000;
const SEED = 21;
/** Mean of a recording, bytes, and what all windows are to hold together. */
const LEAST_MEAN = 600;
const TOTAL = 1_000_000_000;
/** Networks that a copy can lie in. */
const MOST_COPIES = 255;
/** For the frames of a window, bytes. */
const ROOM = 268_435_456;

/** Path of the capture, which is made where it is missing; 1 GB. Throws where there are no recordings. */
export function bulkCapture(): Promise<string> {
  return madeOnce(`bulk-${VERSION}.pcap`, async (file) => {
    const random = new Random(SEED);
    const recordings = (await readRecordings(capturesFolder(), WINDOW)).filter(isBulky);
    const size = recordings.reduce((sum, { frames }) => sum + bytesOf(frames), 0);
    const copies = Math.min(Math.floor(MOST_COPIES / WINDOWS), Math.ceil(TOTAL / WINDOWS / size));
    const pile = new PacketPile(ROOM);
    for (let window = 0; window < WINDOWS; window++) {
      const place = { from: START + window * STRIDE, duration: WINDOW };
      for (let copy = 0; copy < copies; copy++) {
        addCopy(pile, recordings, window * copies + copy, place, random);
      }
      pile.write(file);
    }
  });
}

const bytesOf = (frames: Recording['frames']): number =>
  frames.reduce((sum, { bytes }) => sum + bytes.length, 0);

const isBulky = ({ frames, isTunnel }: Recording): boolean =>
  !isTunnel && bytesOf(frames) / frames.length >= LEAST_MEAN;
