import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ascii, connection, NOON } from '../dissectors/harness.ts';
import { FileTransfer, NO_FILE_OPTIONS } from './transfer.ts';

const START = { source: 'HTTP', isOrig: false };
const PNG = ascii('\x89PNG\r\n\x1a\n and more');

test('a file is counted, timed and told by content, wherever its bytes are cut', () => {
  const told = connection({ local_resp: false });
  const file = new FileTransfer(told, 0, { ...START, filename: 'a.png', total: PNG.length }, NO_FILE_OPTIONS);
  file.data(PNG, 0, 3);
  told.ts = NOON + 250;
  file.data(PNG, 3);
  assert.equal(file.mimeType, 'image/png');
  file.end();
  file.end();
  assert.equal(told.records.length, 1);
  assert.partialDeepStrictEqual(told.records[0], {
    kind: 'files',
    ts: NOON,
    uid: 'C1',
    fuid: file.fuid,
    source: 'HTTP',
    filename: 'a.png',
    mime_type: 'image/png',
    duration: 250,
    seen_bytes: PNG.length,
    total_bytes: PNG.length,
    missing_bytes: 0,
    is_orig: false,
    local_orig: false,
    analyzers: [],
    timedout: false,
  });
});

test('a short file is told by type at its end, a part of one not at all', () => {
  for (const [isWhole, type] of [
    [true, 'image/png'],
    [false, undefined],
  ] as const) {
    const told = connection();
    const file = new FileTransfer(told, 0, { ...START, isWhole }, NO_FILE_OPTIONS);
    file.data(PNG);
    file.end();
    assert.partialDeepStrictEqual(told.records[0], { mime_type: type });
  }
});

test('a large file is told by its first bytes without keeping them', () => {
  const file = new FileTransfer(connection(), 0, START, NO_FILE_OPTIONS);
  const large = new Uint8Array(8_192);
  large.set(PNG);
  file.data(large);
  assert.equal(file.mimeType, 'image/png');
});

test('a file of which nothing came leaves no record; one with holes says how much is missing', () => {
  const told = connection();
  new FileTransfer(told, 0, START, NO_FILE_OPTIONS).end();
  assert.deepEqual(told.records, []);
  const file = new FileTransfer(told, 1, START, { hashes: true, extractLimit: 0 });
  file.gap(-1);
  file.data(PNG);
  file.gap(100);
  file.data(ascii('end'));
  file.end(true);
  assert.partialDeepStrictEqual(told.records[0], {
    missing_bytes: 100,
    seen_bytes: PNG.length + 3,
    timedout: true,
    md5: undefined,
  });
});

test('hashes are those of the bytes, in whatever pieces they come', () => {
  const told = connection();
  const file = new FileTransfer(told, 0, START, { hashes: true, extractLimit: 0 });
  for (let i = 0; i < PNG.length; i += 5) file.data(PNG, i, Math.min(i + 5, PNG.length));
  file.end();
  assert.partialDeepStrictEqual(told.records[0], {
    md5: createHash('md5').update(PNG).digest('hex'),
    sha1: createHash('sha1').update(PNG).digest('hex'),
    sha256: createHash('sha256').update(PNG).digest('hex'),
    analyzers: ['MD5', 'SHA1', 'SHA256'],
  });
});

test('an extracted file is cut at the limit and says so', () => {
  const told = connection();
  let text = '';
  let ended = 0;
  const extract = () => ({
    name: 'out.bin',
    write: (bytes: Uint8Array) => {
      text += Buffer.from(bytes).toString('latin1');
    },
    end: () => ended++,
  });
  const file = new FileTransfer(told, 0, START, { hashes: false, extract, extractLimit: 6 });
  file.data(ascii('abcd'));
  file.data(ascii('efgh'));
  file.data(ascii('ijkl'));
  file.end();
  assert.equal(text, 'abcdef');
  assert.equal(ended, 1);
  assert.partialDeepStrictEqual(told.records[0], {
    extracted: 'out.bin',
    extracted_cutoff: true,
    extracted_size: 6,
    analyzers: ['EXTRACT'],
  });
});

test('ids differ between files and connections', () => {
  const ids = ['C1', 'C2'].flatMap((uid) =>
    [0, 1, 2].map((n) => new FileTransfer(connection({ uid }), n, START, NO_FILE_OPTIONS).fuid),
  );
  assert.equal(new Set(ids).size, 6);
  for (const id of ids) assert.match(id, /^F\w{12}$/);
});
