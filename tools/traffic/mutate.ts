/** Hostile traffic from real traffic: frames with bits flipped, bytes put in or taken out, fields at their extremes, in another order. */
import type { Random } from '../../packages/core/src/index.ts';
import { findIp } from './readdress.ts';

export interface Frame {
  bytes: Buffer;
  wirelen: number;
  /** ms since the epoch. */
  ts: number;
  linktype: number;
}

export interface Mutated {
  frames: Frame[];
  /** How many frames differ from what was recorded, by content or by place. */
  changes: number;
}

/** Frames that stay as they are: conversations have to go on to reach what comes late in them. */
const UNTOUCHED = 0.4;
const MOST_INSERTED = 64;
const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
/** Where the headers are, whose fields are set to extremes more often than others. */
const HEADERS = 96;

type Change = (bytes: Buffer, random: Random, others: readonly Frame[]) => Buffer;

/** The same seed of `random` gives the same frames; the frames handed in are left alone. */
export function mutate(frames: readonly Frame[], random: Random): Mutated {
  const made: Frame[] = [];
  let changes = 0;
  for (const frame of frames) {
    if (random.chance(UNTOUCHED) || frame.bytes.length === 0) {
      made.push(frame);
      continue;
    }
    changes++;
    const bytes = changed(frame.bytes, random, frames);
    const one = { ...frame, bytes, wirelen: random.chance(0.05) ? bytes.length + 100 : bytes.length };
    made.push(one);
    if (random.chance(0.05)) {
      made.push({ ...one });
      changes++;
    }
    if (random.chance(0.05)) swapLast(made, random);
  }
  return { frames: made, changes };
}

function changed(original: Buffer, random: Random, others: readonly Frame[]): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let n = random.integer(1, 3); n > 0 && bytes.length > 0; n--) {
    bytes = random.pick(CHANGES)(bytes, random, others);
  }
  return bytes;
}

const CHANGES: readonly Change[] = [flipBits, setExtreme, setExtreme, insert, remove, cut, splice];

function flipBits(bytes: Buffer, random: Random): Buffer {
  for (let n = 1 + random.poisson(bytes.length / 100); n > 0; n--) {
    bytes[random.integer(0, bytes.length - 1)]! ^= 1 << random.integer(0, 7);
  }
  return bytes;
}

/** One, two or four bytes: a length, a count, an offset. */
function setExtreme(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, Math.min(bytes.length, random.chance(0.7) ? HEADERS : bytes.length) - 1);
  const value = random.pick(EXTREMES);
  const rest = value === 0 || value === 1 ? 0 : 0xff;
  bytes.fill(rest, at, Math.min(bytes.length, at + random.pick([1, 2, 4])));
  bytes[at] = value;
  return bytes;
}

function insert(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, bytes.length);
  const more = Buffer.alloc(random.integer(1, MOST_INSERTED), random.integer(0, 255));
  return lengthened(Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]), bytes);
}

function remove(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, bytes.length);
  const rest = bytes.subarray(at + random.integer(1, MOST_INSERTED));
  return lengthened(Buffer.concat([bytes.subarray(0, at), rest]), bytes);
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.integer(0, bytes.length));
}

/** The beginning of one frame, the end of another. */
function splice(bytes: Buffer, random: Random, others: readonly Frame[]): Buffer {
  const other = random.pick(others).bytes;
  const at = random.integer(0, Math.min(bytes.length, other.length));
  return lengthened(Buffer.concat([bytes.subarray(0, at), other.subarray(at)]), bytes);
}

/** Lets the length in the IPv4 header follow the frame, or the layers above would never see what was put in. */
function lengthened(bytes: Buffer, before: Buffer): Buffer {
  const ip = findIp(before, 0, before.length);
  if (ip?.version !== 4 || bytes.length < ip.at + 4) return bytes;
  const length = before.readUInt16BE(ip.at + 2) + bytes.length - before.length;
  bytes.writeUInt16BE(Math.max(0, Math.min(length, 0xffff)), ip.at + 2);
  return bytes;
}

/** Exchanges the last frame with one shortly before it; times stay in order. */
function swapLast(made: Frame[], random: Random): void {
  const last = made.length - 1;
  const other = Math.max(0, last - random.integer(1, 3));
  const [a, b] = [made[other]!, made[last]!];
  made[other] = { ...b, ts: a.ts };
  made[last] = { ...a, ts: b.ts };
}
