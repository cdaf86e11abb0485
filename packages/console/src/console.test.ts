import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThymusError } from '@thymus/core';
import { InvalidArgumentError } from 'commander';
import { EXIT, reportError } from './exit.ts';
import { collect, parseDuration, parseScore, parseWhole } from './options.ts';
import {
  formatScore,
  formatTime,
  harmless,
  printFacts,
  printRows,
  type Terminal,
  terminal,
} from './output.ts';
import { progressBar, progressStyle } from './progress.ts';

function paper(isTty: boolean, columns = 80): Terminal & { text: string } {
  const out = {
    text: '',
    write: (text: string) => {
      out.text += text;
    },
    note: () => {},
    isTty,
    columns,
    useColour: false,
  };
  return out;
}

const rows = [
  { name: 'a', count: 5 },
  { name: 'longer name', count: 12 },
];
const columns = [
  { title: 'COUNT', value: (r: (typeof rows)[0]) => r.count, align: 'right' as const },
  { title: 'NAME', value: (r: (typeof rows)[0]) => r.name },
];

test('a terminal gets an aligned table, a pipe tab-separated lines, --json one object per line', () => {
  const terminal = paper(true);
  printRows(rows, columns, false, terminal);
  assert.equal(terminal.text, 'COUNT  NAME\n    5  a\n   12  longer name\n');
  const pipe = paper(false);
  printRows(rows, columns, false, pipe);
  assert.equal(pipe.text, '5\ta\n12\tlonger name\n');
  const json = paper(false);
  printRows(rows, columns, true, json);
  assert.equal(json.text, '{"name":"a","count":5}\n{"name":"longer name","count":12}\n');
});

test('a narrow terminal cuts the last column, and marks the cut', () => {
  const terminal = paper(true, 17);
  printRows([{ name: 'x'.repeat(30), count: 1 }], columns, false, terminal);
  assert.match(terminal.text, /\n {4}1 {2}x{9}…\n/);
});

test('names from the wire cannot steer the terminal', () => {
  assert.equal(harmless('a\x1b[2Jb\u202ec\u200bd\r\n'), 'a⟨U+001B⟩[2Jb⟨U+202E⟩c⟨U+200B⟩d⟨U+000D⟩⟨U+000A⟩');
  const out = paper(false);
  printFacts({ host: '\x1b]0;owned\x07', none: undefined }, false, out);
  assert.ok(!out.text.includes('\x1b'));
  assert.ok(!out.text.includes('none'));
});

test('scores carry number and shape, times their zone', () => {
  assert.deepEqual([0.05, 0.2, 0.4, 0.6, 0.805].map(formatScore), ['○5', '●20', '■40', '▲60', '◆81']);
  assert.equal(formatTime(Date.UTC(2026, 10, 21, 3, 12, 45, 120)), '2026-11-21 03:12:45Z');
});

test('durations, numbers and scores are read, others refused with what was expected', () => {
  assert.deepEqual(
    [parseDuration('90m'), parseDuration('1.5h'), parseDuration('7d')],
    [5_400_000, 5_400_000, 604_800_000],
  );
  assert.deepEqual(
    [parseScore('40'), parseScore('0.4'), parseScore('40%'), parseScore('1%')],
    [0.4, 0.4, 0.4, 0.01],
  );
  assert.equal(parseWhole('7'), 7);
  for (const wrong of ['', '5', 'h', '-1h']) assert.throws(() => parseDuration(wrong), InvalidArgumentError);
  for (const wrong of ['x', '-1', '101']) assert.throws(() => parseScore(wrong), InvalidArgumentError);
  for (const wrong of ['1.5', '-1', 'x']) assert.throws(() => parseWhole(wrong), InvalidArgumentError);
  assert.deepEqual(collect('c,d', ['a']), ['a', 'c', 'd']);
});

test('a bar shows share, detail and what is left', () => {
  const line = progressBar(
    { label: 'reading', done: 25, total: 100, count: 7, unit: 'records' },
    0.25,
    10_000,
  );
  assert.match(line, /^reading █{6}░{18} {2}25 % {2}7 records, 30 s left$/);
  const unknown = { label: 'x', done: 1, total: 1, count: 1, unit: 'records' };
  assert.doesNotMatch(progressBar(unknown, 1, 10), /left/);
});

test('progress is quiet, for machines or for people, as asked', () => {
  assert.equal(progressStyle({ quiet: true }), 'none');
  assert.equal(progressStyle({ progress: 'json' }), 'json');
});

test('errors end with the documented codes', (t) => {
  t.mock.method(terminal, 'note', () => {});
  const codes: [Error, number][] = [
    [new ThymusError('BAD_QUERY', 'x'), EXIT.usage],
    [new ThymusError('FORBIDDEN', 'x'), EXIT.auth],
    [new ThymusError('BAD_CONFIG', 'x'), EXIT.config],
    [new ThymusError('BAD_FILE', 'x'), EXIT.failed],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), EXIT.unreachable],
    [Object.assign(new Error('write'), { code: 'ENOSPC' }), EXIT.failed],
    [Object.assign(new Error('disk is full'), { errcode: 13 }), EXIT.failed],
    [new Error('else'), EXIT.failed],
  ];
  for (const [error, code] of codes) assert.equal(reportError(error), code);
});
