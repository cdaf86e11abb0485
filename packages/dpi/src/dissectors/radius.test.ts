import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Radius } from '@thymus/core';
import { connection, hex, NOON, torture } from './harness.ts';
import { radius } from './radius.ts';

const attribute = (type: number, value: Buffer | string) =>
  Buffer.concat([Buffer.of(type, Buffer.from(value).length + 2), Buffer.from(value)]).toString('hex');
const packet = (code: number, ...attributes: string[]) => {
  const held = attributes.join('');
  const length = (20 + held.length / 2).toString(16).padStart(4, '0');
  return `${code.toString(16).padStart(2, '0')}05${length}${'11'.repeat(16)}${held}`;
};

const REQUEST = packet(
  1,
  attribute(1, 'ann'),
  attribute(31, '00-14-22-E9-54-5E'),
  attribute(66, '10.9.9.9'),
  attribute(77, 'CONNECT 802.11'),
);
const CHALLENGE = packet(11, attribute(8, Buffer.of(172, 16, 3, 33)), attribute(18, 'Hello'));
const ACCEPT = packet(2, attribute(1, 'ann'));
const REJECT = packet(3);

function play(steps: string[]) {
  const told = connection({ dest_port: 1812 });
  const session = radius.open(told);
  const results: number[] = [];
  for (const step of steps) {
    results.push(session.feed(hex(step.slice(1)), step[0] === '>'));
    told.ts += 10;
  }
  session.close?.();
  return { ...told, rows: told.records as Radius[], results };
}

test('a log-in is one row, from the first request to the outcome', () => {
  const { rows, confirmed } = play([`>${REQUEST}`, `<${CHALLENGE}`, `>${REQUEST}`, `<${ACCEPT}`]);
  assert.deepEqual(confirmed, ['']);
  assert.deepEqual(rows, [
    {
      kind: 'radius',
      ts: NOON,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 1812,
      username: 'ann',
      mac: '00:14:22:e9:54:5e',
      tunnel_client: '10.9.9.9',
      connect_info: 'CONNECT 802.11',
      framed_addr: '172.16.3.33',
      reply_msg: 'Hello',
      result: 'success',
      ttl: 30,
    },
  ]);
});

test('refused and unanswered log-ins are told so', () => {
  const { rows } = play([`>${REQUEST}`, `<${REJECT}`, `>${REQUEST}`]);
  assert.deepEqual(
    rows.map(({ result }) => result),
    ['failed', 'unknown'],
  );
  assert.equal(play([`<${REJECT}`]).rows[0]?.ttl, undefined);
});

test('other codes are the protocol but no log-in; other stations stay text', () => {
  const { rows, confirmed } = play([`>${packet(4, attribute(1, 'ann'))}`]);
  assert.deepEqual([rows.length, confirmed.length], [0, 1]);
  assert.equal(play([`>${packet(1, attribute(31, 'port 7'))}`]).rows[0]?.mac, 'port 7');
});

test('packets whose attributes do not fill them are refused', () => {
  assert.deepEqual(play([`>01050018${'11'.repeat(16)}01050000`]).results, [-1]);
  assert.deepEqual(play([`>${REQUEST}`, '>0105']).results.at(-1), 2);
  const probe = (text: string, port: number) => radius.probe(hex(text), true, port);
  assert.equal(probe(REQUEST, 1812), 0.9);
  assert.equal(probe(REQUEST, 9), 0.6);
  assert.equal(probe(REJECT, 9), 0);
  assert.equal(probe(`ff${REQUEST.slice(2)}`, 1812), 0);
  assert.equal(probe(`01050fff${'11'.repeat(16)}`, 1812), 0);
  assert.equal(radius.begins?.(1), true);
});

test('bears everything', () => {
  torture(radius, [REQUEST, CHALLENGE, ACCEPT, REJECT].map(hex), 500);
});
