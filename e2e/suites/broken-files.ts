/** Files that are not what they should be, made from good ones. */
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pcapHeader, type Random } from '@thymus/core';

export interface BrokenFile {
  name: string;
  path: string;
  /** Exit codes that are right for it: 0 where it can still be read as something, 5 in part, 1 not at all. */
  codes: readonly number[];
  /** What must be said about it. */
  says?: RegExp;
}

const SPARSE = 10 * 1024 ** 3;

/** One of each sort, in a folder. `captures` are good ones. */
export function makeBrokenFiles(folder: string, captures: readonly string[], random: Random): BrokenFile[] {
  const write = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const made: BrokenFile[] = [];
  for (const [i, capture] of captures.entries()) {
    const good = readFileSync(capture);
    const end = /\.(pcapng|pcap)(\.gz)?$/.exec(capture)?.[0] ?? '.pcap';
    const cut = good.subarray(0, random.integer(1, good.length - 1));
    made.push(
      { name: `cut ${i}`, path: write(`cut-${i}${end}`, cut), codes: [0, 1, 5] },
      { name: `flipped ${i}`, path: write(`flipped-${i}${end}`, flipped(good, 0, random)), codes: [0, 1, 5] },
      {
        name: `flipped behind the header ${i}`,
        path: write(`payload-${i}${end}`, flipped(good, 200, random)),
        codes: [0, 1, 5],
      },
    );
  }
  const whole = readFileSync(captures[0]!);
  made.push(
    { name: 'empty', path: write('empty.pcap', ''), codes: [1], says: /is empty/ },
    { name: 'header only', path: write('header.pcap', pcapHeader()), codes: [0] },
    { name: 'picture', path: write('picture.pcap', picture()), codes: [1], says: /neither|it begins with/ },
    {
      name: 'text',
      path: write('notes.txt', 'Dear diary,\nno packets today.\n'),
      codes: [1],
      says: /neither|it begins with/,
    },
    { name: 'cut gzip', path: write('cut.pcap.gz', gzipSync(whole).subarray(0, 400)), codes: [0, 1, 5] },
    { name: 'no gzip', path: write('wrong.pcap.gz', Buffer.from('1f8b0800ffffffff', 'hex')), codes: [1] },
    { name: 'sparse', path: sparse(join(folder, 'sparse.bin'), ''), codes: [1] },
    { name: 'sparse capture', path: sparse(join(folder, 'sparse.pcap'), pcapHeader()), codes: [1] },
    { name: 'sparse behind packets', path: sparse(join(folder, 'tail.pcap'), whole), codes: [5] },
  );
  return made;
}

/** One bit of every hundredth byte is another one. */
function flipped(good: Buffer, from: number, random: Random): Buffer {
  const bytes = Buffer.from(good);
  for (let i = Math.ceil((bytes.length - from) / 100); i > 0; i--) {
    const at = random.integer(from, bytes.length - 1);
    bytes[at] = bytes[at]! ^ (1 << random.integer(0, 7));
  }
  return bytes;
}

/** The first bytes of a PNG file, and a lot of nothing. */
const picture = (): Buffer =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(4_000)]);

function sparse(path: string, head: Uint8Array | string): string {
  writeFileSync(path, head);
  const file = openSync(path, 'r+');
  ftruncateSync(file, SPARSE);
  closeSync(file);
  return path;
}
