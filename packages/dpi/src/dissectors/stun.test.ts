import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stun } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { stun } from './stun.ts';

const attribute = (type: string, value: string) => {
  const plain = value.replaceAll(' ', '');
  const length = plain.length / 2;
  return type + length.toString(16).padStart(4, '0') + plain + '00'.repeat(-length & 3);
};
const message = (type: string, ...attributes: string[]) => {
  const held = attributes.join('');
  return `${type}${(held.length / 2).toString(16).padStart(4, '0')}2112a442${'01'.repeat(12)}${held}`;
};
const digits = (text: string) => Buffer.from(text).toString('hex');

const ASK = message('0001', attribute('0006', digits('ann:bob')), attribute('8022', digits('agent')));
const FOUND = message('0101', attribute('0020', '0001 5b2a e184 1fac'));
const ALLOCATE = message('0003');
const DENIED = message('0113', attribute('0014', digits('realm')));
const RELAYED = message(
  '0103',
  attribute('0016', `0002 2112 2112a442${'01'.repeat(12)}`),
  attribute('0001', '0001 1234 0a000001'),
);
const DTLS = '16 feff 0000 000000000000 0001 01';

function play(steps: string[], proto: 'udp' | 'tcp' = 'udp') {
  const told = connection({ proto, dest_port: 3478 });
  const session = stun.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  const results = steps.map((step) => {
    if (proto === 'udp') return session.feed(hex(step.slice(1)), step[0] === '>');
    streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
    return 0;
  });
  const isDone = session.done;
  session.close?.();
  return { ...told, rows: told.records as Stun[], results, isDone };
}

test('the address that a server sees is told, out of its disguise', () => {
  const { rows, confirmed } = play([`>${ASK}`, `<${FOUND}`]);
  assert.deepEqual(confirmed, ['']);
  assert.deepEqual(rows, [
    {
      kind: 'stun',
      ts: NOON,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 3478,
      method: 'binding',
      result: 'success',
      username: 'ann:bob',
      software: 'agent',
      mapped_addr: '192.150.187.238',
      mapped_port: 31_288,
    },
  ]);
});

test('each method is a row; an error gives way to a success', () => {
  const { rows } = play([
    `>${ALLOCATE}`,
    `<${DENIED}`,
    `<${RELAYED}`,
    `>${message('0008')}`,
    `>${message('00ff')}`,
  ]);
  assert.deepEqual(
    rows.map(({ method, result }) => `${method} ${result}`),
    ['allocate success', 'create_permission unanswered', 'unknown-127 unanswered'],
  );
  assert.deepEqual([rows[0]?.realm, rows[0]?.relayed_addr, rows[0]?.relayed_port], ['realm', '::', 0]);
  assert.deepEqual([rows[0]?.mapped_addr, rows[0]?.mapped_port], ['10.0.0.1', 0x1234]);
  assert.equal(play([`>${ALLOCATE}`, `<${DENIED}`]).rows[0]?.result, 'error');
});

test('over TCP messages follow each other until something else comes', () => {
  const { rows, isDone } = play(
    [`>${ALLOCATE}${ASK.slice(0, 20)}`, `>${ASK.slice(20)}`, `>${'40'.repeat(20)}`],
    'tcp',
  );
  assert.deepEqual([rows.length, isDone], [2, true]);
});

test('DTLS on the same port is handed over, with the datagram that begins it', () => {
  const { handedOver, results } = play([`>${ASK}`, `>${DTLS}`]);
  assert.deepEqual(handedOver, ['ssl']);
  assert.equal(results.at(-1), 0);
});

test('media is passed over for a while', () => {
  assert.equal(play([`>${ASK}`, '>8000']).isDone, false);
  assert.equal(play([`>${ASK}`, ...Array.from({ length: 256 }, () => '>8000')]).isDone, true);
});

test('what is no message is refused', () => {
  assert.deepEqual(play(['>8000']).results, [-1]);
  assert.equal(stun.probe(hex(ASK), true, 9), 1);
  assert.equal(stun.probe(hex(ASK.slice(0, 60)), true, 9), 0);
  assert.equal(stun.probe(hex(ASK.replace('2112a442', '2112a443')), true, 9), 0);
  assert.equal(stun.begins?.(0), true);
  assert.equal(stun.begins?.(22), false);
});

test('attributes that run past the message or have an odd size are left out', () => {
  const { rows } = play([
    `>${message('0001', '00060fff')}`,
    `<${message('0101', attribute('0020', '0003 1111'))}`,
  ]);
  assert.deepEqual([rows[0]?.username, rows[0]?.mapped_addr], [undefined, undefined]);
});

test('bears everything', () => {
  torture(stun, [ASK, FOUND, ALLOCATE, DENIED, RELAYED, DTLS].map(hex), 500);
});
