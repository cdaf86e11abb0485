import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { type Files, Random } from '@thymus/core';
import { ascii, connection } from '../dissectors/harness.ts';
import { type FileOptions, FileTransfer, NO_FILE_OPTIONS } from './transfer.ts';

interface Part {
  name: string;
  content: Uint8Array;
  method?: number;
  flags?: number;
  /** Sizes stand behind the bytes, with or without a signature. */
  descriptor?: 'signed' | 'bare';
  /** Size that the header claims. */
  claim?: number;
  /** Sizes of 64 bits in an extra field. */
  isLong?: boolean;
}

const u16 = (n: number) => [n & 255, (n >> 8) & 255];
const u32 = (n: number) => [...u16(n), ...u16(n >>> 16)];
const SIGNED = [0x50, 0x4b, 7, 8];

function member({ name, content, method = 8, flags = 0, descriptor, claim, isLong }: Part): Uint8Array {
  const packed = method === 8 ? deflateRawSync(content) : content;
  const sizes = descriptor ? [0, 0] : isLong ? [-1, -1] : [packed.length, claim ?? content.length];
  const extra = isLong
    ? [...u16(9), ...u16(0), ...u16(1), ...u16(16), ...u32(content.length), ...u32(0), ...u32(packed.length)]
    : [];
  const fields = isLong ? [...extra, ...u32(0)] : extra;
  const bits = flags | (descriptor ? 8 : 0);
  const head = [...u16(20), ...u16(bits), ...u16(method), ...u32(0), ...u32(1), ...sizes.flatMap(u32)];
  const behind = [...u32(1), ...u32(packed.length), ...u32(content.length)];
  return Buffer.concat([
    Uint8Array.from([0x50, 0x4b, 3, 4, ...head, ...u16(name.length), ...u16(fields.length)]),
    ascii(name),
    Uint8Array.from(fields),
    packed,
    Uint8Array.from(descriptor === undefined ? [] : descriptor === 'bare' ? behind : [...SIGNED, ...behind]),
  ]);
}

const DIRECTORY = Uint8Array.from([0x50, 0x4b, 1, 2, ...new Array<number>(42).fill(0)]);
const zip = (...parts: Part[]): Uint8Array => Buffer.concat([...parts.map(member), DIRECTORY]);

/** The records of an archive that comes in pieces of some length; members come before it. */
function transfer(archive: Uint8Array, piece = archive.length, options: FileOptions = NO_FILE_OPTIONS) {
  const told = connection({ fileOptions: options });
  const file = told.file({ source: 'HTTP', isOrig: false });
  for (let at = 0; at < archive.length; at += piece) file.data(archive.subarray(at, at + piece));
  file.end();
  return { file, rows: told.records as Files[], members: told.records.slice(0, -1) as Files[] };
}

const PNG = ascii(`\x89PNG\r\n\x1a\n${'pixel '.repeat(500)}`);
const TEXT = ascii('Some words that are only text, and some more of them.\n');
const brief = ({ filename, mime_type, seen_bytes, total_bytes }: Files) => [
  filename,
  mime_type,
  seen_bytes,
  total_bytes,
];

test('members are files of their own, however the archive is cut into packets', () => {
  const archive = zip(
    { name: 'a/', content: new Uint8Array(0), method: 0 },
    { name: 'a/b.png', content: PNG },
    { name: 'c.txt', content: TEXT, method: 0 },
    { name: 'long.txt', content: TEXT, isLong: true },
  );
  for (const piece of [1, 7, 100, archive.length]) {
    const { file, rows, members } = transfer(archive, piece);
    assert.deepEqual(members.map(brief), [
      ['a/', undefined, 0, 0],
      ['a/b.png', 'image/png', PNG.length, PNG.length],
      ['c.txt', 'text/plain', TEXT.length, TEXT.length],
      ['long.txt', 'text/plain', TEXT.length, TEXT.length],
    ]);
    for (const row of members)
      assert.partialDeepStrictEqual(row, { source: 'ZIP', parent_fuid: file.fuid, depth: 1, is_orig: false });
    assert.partialDeepStrictEqual(rows.at(-1), { mime_type: 'application/zip', analyzers: ['ZIP'] });
  }
});

test('a member whose length stands behind it is found to its end', () => {
  const tricky = ascii('PK\x07\x08 in the middle PK\x03\x04 of the bytes PK');
  for (const descriptor of ['signed', 'bare'] as const) {
    const archive = zip(
      { name: 'a', content: tricky, method: 0, descriptor },
      { name: 'b', content: TEXT, descriptor },
      { name: 'c', content: TEXT },
    );
    for (const piece of [1, 5, 64, archive.length]) {
      const { members } = transfer(archive, piece);
      const lengths = members.map(({ filename, seen_bytes }) => [filename, seen_bytes]);
      assert.deepEqual(lengths, [
        ['a', tricky.length],
        ['b', TEXT.length],
        ['c', TEXT.length],
      ]);
    }
  }
});

test('archives within archives are opened, but not without end', () => {
  let archive = zip({ name: 'inmost', content: TEXT });
  for (let i = 0; i < 5; i++) archive = zip({ name: `${i}.zip`, content: archive, method: i % 2 ? 0 : 8 });
  const { members } = transfer(archive, 50);
  assert.deepEqual(
    members.map(({ filename, depth }) => [filename, depth]),
    [
      ['2.zip', 3],
      ['3.zip', 2],
      ['4.zip', 1],
    ],
  );
});

test('members are hashed where files are', () => {
  const { members } = transfer(zip({ name: 'a', content: PNG }), 100, { hashes: true, extractLimit: 0 });
  assert.equal(members[0]!.sha256, createHash('sha256').update(PNG).digest('hex'));
});

test('a bomb is counted, not unpacked, and uses up what the archive may cost', () => {
  const bomb = { name: 'bomb', content: new Uint8Array(30 << 20) };
  const { members } = transfer(zip(bomb, { name: 'b', content: TEXT }), 1_400);
  assert.deepEqual(members.map(brief), [
    ['bomb', undefined, 30 << 20, 30 << 20],
    ['b', undefined, TEXT.length, TEXT.length],
  ]);
  const lie = transfer(zip({ name: 'lie', content: TEXT, claim: 0xffff_0000 })).members[0]!;
  assert.ok(lie.seen_bytes < 1_032 * TEXT.length);
});

test('no more than a thousand members have rows', () => {
  const parts = Array.from({ length: 1_200 }, (_, i) => ({ name: String(i), content: TEXT, method: 0 }));
  assert.equal(transfer(zip(...parts), 1_400).members.length, 1_000);
});

test('encrypted members and those of other methods are listed by what their headers say', () => {
  const archive = zip(
    { name: 'secret', content: TEXT, flags: 1 },
    { name: 'bzip2', content: PNG, method: 12 },
    { name: 'last', content: TEXT },
  );
  assert.deepEqual(transfer(archive).members.map(brief), [
    ['secret', undefined, TEXT.length, TEXT.length],
    ['bzip2', undefined, PNG.length, PNG.length],
    ['last', 'text/plain', TEXT.length, TEXT.length],
  ]);
});

test('after a hole only a stored member goes on', () => {
  for (const [method, names] of [
    [0, ['a', 'b']],
    [8, ['a']],
  ] as const) {
    const archive = zip({ name: 'a', content: PNG, method }, { name: 'b', content: TEXT });
    const told = connection();
    const file = new FileTransfer(told, 9, { source: 'HTTP', isOrig: true }, NO_FILE_OPTIONS);
    const hole = method === 0 ? 1_500 : 40;
    file.data(archive, 0, hole);
    file.gap(10);
    file.data(archive, hole + 10);
    file.end();
    const members = told.records.slice(0, -1) as Files[];
    assert.deepEqual(
      members.map(({ filename }) => filename),
      names,
    );
    assert.equal(members[0]!.missing_bytes, 10);
  }
});

test('documents that are archives inside are left closed', () => {
  const { rows } = transfer(zip({ name: 'META-INF/MANIFEST.MF', content: TEXT }));
  assert.equal(rows.length, 1);
});

test('broken and cut archives do no harm', () => {
  const random = new Random(7);
  const archive = zip(
    { name: 'a', content: PNG, descriptor: 'signed' },
    { name: 'b.zip', content: zip({ name: 'c', content: TEXT }), method: 0 },
    { name: 'd', content: TEXT, isLong: true },
  );
  for (let i = 0; i < 300; i++) {
    const broken = archive.slice(0, random.integer(40, archive.length));
    for (let n = 0; n < 4; n++) broken[random.integer(4, broken.length - 1)] = random.integer(0, 255);
    const { rows } = transfer(broken, random.integer(1, 90));
    assert.equal(rows.at(-1)!.source, 'HTTP');
  }
});
