import assert from 'node:assert/strict';
import test from 'node:test';
import { TCP_FLAGS } from '@thymus/core';
import type { Dissector } from '../dissector.ts';
import { ascii, Bench, Conversation } from '../harness.ts';
import { Segments } from './segments.ts';

const { ACK, FIN } = TCP_FLAGS;

/** Takes everything and remembers it: bytes as text, gaps as their length in brackets. */
function recorder(heard: string[]): Dissector {
  return {
    name: 'recorder',
    transports: ['tcp'],
    ports: [],
    probe: () => 1,
    open: () => ({
      feed(bytes, fromOriginator) {
        heard.push(`${fromOriginator ? '>' : '<'}${Buffer.from(bytes).toString('latin1')}`);
        return bytes.length;
      },
      gap: (length) => void heard.push(`[${length}]`),
      end: (fromOriginator) => void heard.push(fromOriginator ? '>.' : '<.'),
      close: () => void heard.push('close'),
    }),
  };
}

function listen(options = {}) {
  const heard: string[] = [];
  const bench = new Bench(options, [recorder(heard)]);
  return { heard, bench, talk: new Conversation(bench).open() };
}

test('segments out of order are put in order', () => {
  const { heard, talk } = listen();
  const { seq } = talk.client;
  talk.segment(true, ACK, ascii('one '), { seq });
  talk.segment(true, ACK, ascii('four'), { seq: seq + 14 });
  talk.segment(true, ACK, ascii('three '), { seq: seq + 8 });
  talk.segment(true, ACK, ascii('two '), { seq: seq + 4 });
  assert.deepEqual(heard, ['>one ', '>two ', '>three ', '>four']);
});

test('what overlaps is delivered once, and what came first wins', () => {
  const { heard, talk } = listen();
  const { seq } = talk.client;
  talk.segment(true, ACK, ascii('abc'), { seq });
  talk.segment(true, ACK, ascii('XXXdef'), { seq });
  talk.segment(true, ACK, ascii('jkl'), { seq: seq + 9 });
  talk.segment(true, ACK, ascii('YYYYmn'), { seq: seq + 8 });
  talk.segment(true, ACK, ascii('ghi'), { seq: seq + 6 });
  assert.equal(heard.join('').replaceAll('>', ''), 'abcdefghYjklmn');
});

test('bytes that the other side acknowledged but nobody saw are a gap', () => {
  const { heard, talk } = listen();
  const { seq } = talk.client;
  talk.segment(true, ACK, ascii('start'), { seq });
  talk.segment(true, ACK, ascii('middle'), { seq: seq + 105 });
  talk.segment(false, ACK, undefined, { ack: seq + 211 });
  assert.deepEqual(heard, ['>start', '[100]', '>middle', '[100]']);
});

test('a direction ends after its last byte was delivered, not before', () => {
  const { heard, bench, talk } = listen();
  const { seq } = talk.client;
  talk.segment(true, FIN | ACK, ascii('end'), { seq: seq + 6 });
  assert.deepEqual(heard, []);
  talk.segment(true, ACK, ascii('begin '), { seq });
  assert.deepEqual(heard, ['>begin ', '>end', '>.']);
  bench.engine.finish();
  assert.equal(heard.at(-1), 'close');
});

test('a direction that was closed with bytes missing ends when they are acknowledged', () => {
  const { heard, talk } = listen();
  const { seq } = talk.client;
  talk.segment(true, ACK, ascii('start'), { seq });
  talk.segment(true, FIN | ACK, undefined, { seq: seq + 105 });
  assert.deepEqual(heard, ['>start']);
  talk.segment(false, FIN | ACK, undefined, { ack: seq + 106 });
  assert.deepEqual(heard, ['>start', '[100]', '>.', '<.']);
});

test('a stream that holds too much for a gap gives the gap up', () => {
  const { heard, bench, talk } = listen({ limits: { flows: 64, outOfOrderBytes: 1_000 } });
  const { seq } = talk.client;
  talk.segment(true, ACK, ascii('x'.repeat(100)), { seq });
  for (let i = 2; i <= 13; i++) talk.segment(true, ACK, ascii('x'.repeat(100)), { seq: seq + i * 100 });
  assert.equal(heard[1], '[100]');
  assert.equal(heard.length, 14);
  assert.equal(bench.engine.counters['out_of_order_overruns'], 1);
  assert.equal(bench.engine.counters['out_of_order_bytes'], 0);
});

test('held bytes are forgotten with the connection', () => {
  const { bench, talk } = listen();
  talk.segment(true, ACK, ascii('early'), { seq: talk.client.seq + 10 });
  assert.equal(bench.engine.counters['out_of_order_bytes'], 5);
  bench.engine.finish();
  assert.equal(bench.engine.counters['out_of_order_bytes'], 0);
});

test('sequence numbers may wrap', () => {
  const heard: string[] = [];
  const bench = new Bench({}, [recorder(heard)]);
  const talk = new Conversation(bench);
  talk.client.seq = 0xffff_fff0;
  talk.open();
  for (const text of ['0123456789', 'abcdefghij', 'ABCDEFGHIJ']) {
    talk.segment(true, ACK, ascii(text), { seq: talk.client.seq % 0x1_0000_0000 });
    talk.client.seq = (talk.client.seq + 10) % 0x1_0000_0000;
    talk.segment(false, ACK);
  }
  assert.deepEqual(heard, ['>0123456789', '>abcdefghij', '>ABCDEFGHIJ']);
  assert.equal(bench.conns()[0]!.orig_bytes, 30);
});

test('segments kept for two streams can be exchanged', () => {
  const segments = new Segments(100);
  segments.add(1, 10, ascii('one'));
  segments.swap(1, 2);
  assert.equal(segments.has(1), false);
  assert.equal(segments.first(2)!.seq, 10);
  segments.add(1, 20, ascii('two'));
  segments.swap(1, 2);
  assert.equal(segments.first(1)!.seq, 10);
  assert.equal(segments.first(2)!.seq, 20);
});
