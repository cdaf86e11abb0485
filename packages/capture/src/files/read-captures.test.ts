import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Random } from '@thymus/core';
import type { CaptureProgress } from '../source.ts';
import { detectFileType } from './detect-file-type.ts';
import { expandPaths } from './expand-paths.ts';
import {
  describeInterface,
  enhanced,
  inFolder,
  keeper,
  type MadePacket,
  pcap,
  section,
} from './hand-made.ts';
import { MAX_OPEN } from './merge.ts';
import { readCaptures } from './read-captures.ts';

const at = (seconds: number, text: string): MadePacket => ({ seconds, text });
const nothing = { packet: () => undefined };

test('several files of all formats are merged in the order of time', async () => {
  await inFolder(async (write) => {
    const ng = [section('big'), describeInterface('big', 1), enhanced('big', 0, 2_000_000n, 'b')];
    const paths = [
      write('later', pcap([at(5, 'e'), at(6, 'f')])),
      write('early.gz', gzipSync(pcap([at(1, 'a'), at(4, 'd')]))),
      write('next', Buffer.concat(ng)),
      write('between.txt', zstdCompressSync(pcap([at(3, 'c'), at(9, 'i')], 'big'))),
      write('last', pcap([at(7, 'g'), at(8, 'h')], 'little', 0xa1b23c4d)),
    ];
    const sink = keeper();
    const summary = await readCaptures(paths, sink);
    assert.equal(sink.seen.map(({ text }) => text).join(''), 'abcdefghi');
    assert.deepEqual(summary, { packets: 9, bytes: 9, faults: [] });
  });
});

test('packets of one file keep their order, also where its clock went back', async () => {
  await inFolder(async (write) => {
    const sink = keeper();
    const paths = [write('a', pcap([at(5, 'a'), at(1, 'b'), at(6, 'c')])), write('b', pcap([at(7, 'd')]))];
    await readCaptures(paths, sink);
    assert.equal(sink.seen.map(({ text }) => text).join(''), 'abcd');
  });
});

test('hundreds of files are merged too, although only some are open at a time', async () => {
  await inFolder(async (write) => {
    const count = MAX_OPEN * 3;
    const paths = Array.from({ length: count }, (_, i) => {
      const start = (i * 7) % count;
      return write(`${i}.pcap`, pcap([at(start, 'x'), at(start + 2, 'y')]));
    });
    const sink = keeper();
    const summary = await readCaptures([...paths, write('empty', '')], sink);
    assert.equal(summary.packets, count * 2);
    assert.equal(summary.faults.length, 1);
    const times = sink.seen.map(({ ts }) => ts);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });
});

const good = pcap([at(1, 'one'), at(2, 'two')]);
const damaged: [what: string, bytes: Uint8Array | string, packets: number, message: RegExp][] = [
  ['an empty file', '', 0, /file is empty/],
  ['a file of three bytes', 'abc', 0, /ends after 3 bytes/],
  ['a text file', 'hello world', 0, /begins with 0x68656c6c .*expected/],
  ['a capture cut within a packet', good.subarray(0, -1), 1, /ends within the record at byte 43/],
  ['a capture cut within its header', good.subarray(0, 10), 0, /ends within the record at byte 0/],
  ['a capture that goes on in nonsense', Buffer.concat([good, Buffer.alloc(16, 255)]), 2, /4294967295 bytes/],
  ['gzip cut short', gzipSync(noisy()).subarray(0, 60_000), 1, /gzip data is damaged.*unexpected end/],
  ['zstd cut short', zstdCompressSync(noisy()).subarray(0, 60_000), 0, /zstd data is damaged/],
  ['gzip with rubbish inside', withRubbish(gzipSync(noisy())), 1, /gzip data is damaged/],
  [
    'zstd followed by rubbish',
    Buffer.concat([zstdCompressSync(good), Buffer.from('rubbish')]),
    2,
    /no zstd follow/,
  ],
  ['a gzip file of a text', gzipSync('nothing'), 0, /begins with 0x6e6f7468/],
];

function noisy(): Buffer {
  const random = new Random(1);
  const text = Array.from({ length: 60_000 }, () => String.fromCharCode(random.integer(0, 255)));
  return pcap([at(1, text.slice(0, 40_000).join('')), at(2, text.join(''))]);
}

function withRubbish(bytes: Buffer): Buffer {
  bytes.fill(0, 55_000, 56_000);
  return bytes;
}

for (const [what, bytes, packets, message] of damaged)
  test(`${what} is told as a fault, and the other file is read`, async () => {
    await inFolder(async (write) => {
      const paths = [write('bad', bytes), write('good', good)];
      const first = await readCaptures(paths, nothing);
      const [fault, ...others] = first.faults;
      assert.deepEqual(others, []);
      assert.equal(fault?.path, paths[0]);
      assert.match(fault?.message ?? '', message);
      assert.equal(fault?.packets, packets);
      assert.equal(first.packets, packets + 2);
      assert.deepEqual(await readCaptures(paths, nothing), first);
    });
  });

test('what is no ordinary, readable file is told as a fault, and nobody waits for a pipe', async () => {
  await inFolder(async (write, folder) => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { faults } = await readCaptures([pipe, folder, join(folder, 'none'), write('good', good)], nothing);
    assert.deepEqual(
      faults.map(({ message }) => message),
      ['it is not an ordinary file', 'it is not an ordinary file', 'there is no such file'],
    );
  });
});

test('ten gigabytes of zeros after a good start end at the first zeros', async () => {
  await inFolder(async (write) => {
    const path = write('sparse', good);
    truncateSync(path, 10 * 1024 ** 3);
    const progress: CaptureProgress[] = [];
    const { packets, faults } = await readCaptures([path], nothing, { onProgress: (p) => progress.push(p) });
    assert.equal(packets, 2);
    assert.match(faults[0]!.message, /zeros where a packet was expected at byte 62/);
    assert.ok(progress.length < 10);
  });
});

test('a compressed file that swells beyond all measure is told as a fault', async () => {
  await inFolder(async (write) => {
    const megabyte = pcap([at(1, 'x'.repeat(200_000))]).subarray(24);
    const bomb = Buffer.concat([pcap([]), ...Array<Buffer>(400).fill(megabyte)]);
    const { faults, packets } = await readCaptures([write('bomb.zst', zstdCompressSync(bomb))], nothing);
    assert.match(faults[0]!.message, /swells to more than 400 times/);
    assert.ok(packets < 400);
  });
});

test('compressed files may consist of several parts', async () => {
  await inFolder(async (write) => {
    const parts = [good.subarray(0, 30), good.subarray(30, 50), good.subarray(50)];
    const zst = [zstdCompressSync(parts[0]!), Buffer.from('502a4d1804000000abcdabcd', 'hex')];
    zst.push(...parts.slice(1).map((part) => zstdCompressSync(part)));
    const sink = keeper();
    const paths = [
      write('gz', Buffer.concat(parts.map((p) => gzipSync(p)))),
      write('zst', Buffer.concat(zst)),
    ];
    assert.deepEqual((await readCaptures(paths, sink)).faults, []);
    assert.equal(sink.seen.map(({ text }) => text).join(' '), 'one one two two');
  });
});

test('progress ends with all bytes and packets', async () => {
  await inFolder(async (write) => {
    let last: CaptureProgress | undefined;
    const paths = [write('a', good), write('b.gz', gzipSync(good)), write('c', '')];
    await readCaptures(paths, nothing, { onProgress: (progress) => (last = progress) });
    assert.equal(last?.packets, 4);
    assert.equal(last.bytesRead, last.bytesTotal);
  });
});

test('reading ends when it is called off, and when the sink fails', async () => {
  await inFolder(async (write) => {
    const path = write('a', good);
    const signal = AbortSignal.abort(new RangeError('enough'));
    await assert.rejects(readCaptures([path], nothing, { signal }), /enough/);
    const sink = {
      packet: () => {
        throw new TypeError('full');
      },
    };
    await assert.rejects(readCaptures([path], sink), TypeError);
  });
});

test('the type of a file is told by its content, also through compression', async () => {
  const tsv = '#separator \\x09\n#path\tconn\n';
  const cases: [bytes: Uint8Array | string, type: string][] = [
    [good, 'pcap'],
    [gzipSync(section('big')), 'pcapng'],
    [tsv, 'zeek-tsv'],
    [zstdCompressSync(Buffer.from(`\n${tsv}`)), 'zeek-tsv'],
    ['{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1"}\n', 'zeek-json'],
    ['{"@stream":"conn","x":1}', 'zeek-json'],
    ['{"timestamp":"2024-01-01T00:00:00.000000+0000","flow_id":1,"event_type":"flow"}', 'eve-json'],
    ['{"Records":[]}', 'unknown'],
    ['', 'empty'],
    ['ts,uid\n', 'unknown'],
    [gzipSync('x'.repeat(99)).subarray(0, 20), 'unknown'],
  ];
  await inFolder(async (write, folder) => {
    for (const [i, [bytes, type]] of cases.entries())
      assert.equal(await detectFileType(write(`${i}.bin`, bytes)), type, String(bytes).slice(0, 40));
    assert.equal(await detectFileType(join(folder, 'none')), 'unknown');
  });
});

test('a capture whose compressed data is cut is a capture still', async () => {
  const packets = Array.from({ length: 200 }, (_, i) => at(i, `packet ${Math.imul(i, 0x9e3779b1)}`));
  const whole = gzipSync(pcap(packets));
  await inFolder(async (write) => {
    const path = write('cut.pcap.gz', whole.subarray(0, whole.length - 100));
    assert.equal(await detectFileType(path), 'pcap');
    assert.equal(await detectFileType(write('header.gz', whole.subarray(0, 10))), 'unknown');
  });
});

test('folders are walked in order, each once, whatever links they hold', async () => {
  await inFolder(async (write, folder) => {
    mkdirSync(join(folder, 'b/deep'), { recursive: true });
    for (const name of ['z', 'a', '.hidden', 'b/c', 'b/deep/d']) write(name, 'x');
    symlinkSync(folder, join(folder, 'b/back'));
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
    const names = (list: string[]) => list.map((path) => path.slice(folder.length + 1));
    assert.deepEqual(names(await expandPaths([folder])), ['a', 'b/c', 'b/deep/d', 'z']);
    const given = [join(folder, 'z'), join(folder, 'none'), join(folder, 'b'), join(folder, 'z')];
    assert.deepEqual(names(await expandPaths(given)), ['z', 'none', 'b/back/a', 'b/c', 'b/deep/d']);
  });
});
