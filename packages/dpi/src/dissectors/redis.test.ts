import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Redis } from '@thymus/core';
import { ascii, connection, Stream, torture } from './harness.ts';
import { redis } from './redis.ts';

const array = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

/** A conversation: `>` from the client, `<` from the server. */
function talk(...turns: readonly string[]) {
  const told = connection({ proto: 'tcp', dest_port: 6379 });
  const session = redis.open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  for (const turn of turns) (turn[0] === '>' ? client : server).push(ascii(turn.slice(1)));
  session.close?.();
  const rows = (told.records as Redis[]).map((row) => [
    row.cmd_name,
    row.cmd_key,
    row.cmd_value,
    row.success,
    row.reply_value,
  ]);
  return { ...told, rows, session, isRefused: client.isRefused || server.isRefused };
}

/** The reply to one command as text. */
const replyOf = (reply: string): unknown => talk(`>${array('X')}`, `<${reply}`).rows[0]?.[4];

test('commands have their keys, values and replies', () => {
  const { rows, confirmed } = talk(
    `>${array('SET', 'k', 'v', 'EX')}${array('GET', 'k')}${array('BITOP', 'AND', 'to', 'from')}`,
    '<+OK\r\n$1\r\nv\r\n-ERR bad\r\n',
    `>${array('blmpop', '0', '1', 'list')}${array('NEW')}`,
    '<:1\r\n',
  );
  assert.deepEqual(rows, [
    ['SET', 'k', 'v', true, 'OK'],
    ['GET', 'k', undefined, true, 'v'],
    ['BITOP', 'to', undefined, false, 'ERR bad'],
    ['blmpop', 'list', undefined, true, '1'],
    ['NEW', undefined, undefined, undefined, undefined],
  ]);
  assert.deepEqual(confirmed, ['']);
});

test('replies of all kinds become text', () => {
  assert.equal(replyOf('*2\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n'), '[1, [a, ]]');
  assert.equal(replyOf('%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n'), '{a: 1, b: 2}');
  assert.equal(replyOf('~1\r\n,1.5\r\n'), '{1.5}');
  assert.equal(replyOf('|1\r\n+ttl\r\n:3\r\n*2\r\n#t\r\n#f\r\n'), '[T, F]');
  assert.equal(replyOf('*-1\r\n'), '');
  assert.equal(replyOf('*0\r\n'), '[]');
  assert.equal(replyOf('_\r\n'), '');
  assert.equal(replyOf('=7\r\ntxt:abc\r\n'), 'txt:abc');
  assert.equal(talk(`>${array('X')}`, '<!5\r\nERR x\r\n').rows[0]?.[3], false);
});

test('words in a line may be quoted', () => {
  const { rows } = talk(
    '>SET a "x \\" y"\r\n\r\nSET b \'it\\\'s\'\r\nSET c "open\r\n',
    '<+OK\r\n+OK\r\n+OK\r\n',
  );
  assert.deepEqual(
    rows.map((row) => row[2]),
    ['"x \\" y"', "'it\\'s'", '"open'],
  );
});

test('long values and replies are cut, their rest is passed over in any pieces', () => {
  const long = 'x'.repeat(100_000);
  const [command, reply] = [array('SET', 'k', long), `$${long.length}\r\n${long}\r\n`];
  const pieces = (text: string, side: string) =>
    Array.from({ length: 11 }, (_, i) => side + text.slice(i * 10_000, (i + 1) * 10_000));
  const { rows } = talk(...pieces(command, '>'), ...pieces(reply, '<'), `>${array('PING')}`, '<+PONG\r\n');
  assert.deepEqual(rows, [
    ['SET', 'k', 'x'.repeat(250), true, 'x'.repeat(250)],
    ['PING', undefined, undefined, true, 'PONG'],
  ]);
});

test('commands without replies do not take those of others', () => {
  const { rows } = talk(
    `>${array('CLIENT', 'REPLY', 'SKIP')}${array('A')}${array('B')}`,
    '<+b\r\n',
    `>${array('CLIENT', 'REPLY', 'OFF')}${array('C')}${array('CLIENT', 'REPLY', 'ON')}`,
    '<+on\r\n',
  );
  assert.deepEqual(
    rows.map((row) => [row[0], row[4]]),
    [
      ['CLIENT', undefined],
      ['A', undefined],
      ['B', 'b'],
      ['CLIENT', undefined],
      ['C', undefined],
      ['CLIENT', 'on'],
    ],
  );
});

test('what a subscription brings is no reply, in either version', () => {
  const first = talk(
    `>${array('SUBSCRIBE', 'c')}`,
    '<*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n',
    `>${array('RESET')}`,
    '<+RESET\r\n',
  );
  assert.deepEqual(first.rows[1], ['RESET', undefined, undefined, true, 'RESET']);
  const second = talk(
    `>${array('HELLO', '3')}`,
    '<%1\r\n+proto\r\n:3\r\n',
    `>${array('SUBSCRIBE', 'c')}${array('GET', 'k')}`,
    '<>2\r\n+message\r\n+hi\r\n$1\r\nv\r\n',
  );
  assert.deepEqual(second.rows[2], ['GET', 'k', undefined, true, 'v']);
});

test('replies to commands that were not seen, and commands without any reply, make no rows', () => {
  assert.deepEqual(talk('<+OK\r\n').rows, []);
  assert.deepEqual(talk(`>${array('GET', 'k')}`).rows, []);
});

test('broken bytes are refused, and what still waits with them', () => {
  for (const bad of ['<what\r\n', '<$x\r\n', `<${'*1\r\n'.repeat(80)}`, '<*9999999999\r\n', '>*1\r\n+x\r\n'])
    assert.equal(talk(`>${array('A')}`, bad).isRefused, true, bad);
  assert.deepEqual(talk(`>${array('A')}${array('B')}`, '<+a\r\nbad\r\n').rows.length, 1);
  assert.equal(talk(`<+${'x'.repeat(70_000)}`).isRefused, true);
});

test('a client that never gets replies is given up', () => {
  const { weirds, session } = talk(`>${array('A').repeat(10_002)}`);
  assert.deepEqual([weirds, session.done], [['Redis_excessive_pipelining'], true]);
});

test('only arrays are likely on all ports, lines on its own', () => {
  assert.equal(redis.probe(ascii(array('PING')), true, 1), 1);
  assert.equal(redis.probe(ascii('PING\r\n'), true, 6379), 0.4);
  assert.equal(redis.probe(ascii('PING\r\n'), true, 80), 0);
  assert.equal(redis.probe(ascii('PI\0G\r\n'), true, 6379), 0);
  assert.equal(redis.probe(ascii('PING'), true, 6379), 0);
});

test('a gap ends it unless nobody wanted the bytes', () => {
  const session = redis.open(connection({ proto: 'tcp' }));
  new Stream(session, true).push(ascii(array('SET', 'k', 'x'.repeat(1_000)).slice(0, 400)));
  session.gap?.(100, true);
  assert.equal(session.done, false);
  session.gap?.(5_000, true);
  assert.equal(session.done, true);
});

test('survives what is no Redis', () => {
  const samples = [
    array('SET', 'k', 'v'),
    '+OK\r\n$1\r\nv\r\n',
    '%1\r\n+a\r\n*2\r\n:1\r\n#t\r\n',
    'SET a "b c"\r\n',
  ];
  torture(redis, samples.map(ascii), 300);
});
