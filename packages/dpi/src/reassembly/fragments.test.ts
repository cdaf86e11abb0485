import assert from 'node:assert/strict';
import test from 'node:test';
import { ipPacket, joinBytes, otherTransport, udpDatagram } from '@thymus/core';
import { ascii, Bench } from '../harness.ts';

const HERE = { source: '10.0.0.1', dest: '10.0.0.2' };
const SIX = { source: '2001:db8::1', dest: '2001:db8::2' };
const RAW = 101;
const TEXT = 'x'.repeat(200);

/** The IP payload of a whole datagram, with its checksum. */
const whole = ipPacket(HERE, udpDatagram(7, 9, ascii(TEXT))).subarray(20);
const whole6 = ipPacket(SIX, udpDatagram(7, 9, ascii(TEXT))).subarray(40);

function piece(
  from: number,
  to: number,
  changes: { id?: number; last?: boolean; protocol?: number } = {},
): Uint8Array {
  const hasMore = !(changes.last ?? to >= whole.length);
  const part = otherTransport(changes.protocol ?? 17, whole.subarray(from, to));
  return ipPacket({ ...HERE, id: changes.id ?? 1, fragment: { offset: from, hasMore } }, part);
}

const piece6 = (from: number, to: number, next = 17): Uint8Array => {
  const offset = from | (to >= whole6.length ? 0 : 1);
  const head = Uint8Array.from([next, 0, offset >> 8, offset & 255, 0, 0, 0, 1]);
  return ipPacket(SIX, otherTransport(44, joinBytes(head, whole6.subarray(from, to))));
};

test('fragments are joined in any order, and count as one packet', () => {
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const bench = new Bench();
    const pieces = [piece(0, 80), piece(80, 160), piece(160, whole.length)];
    for (const i of order) bench.frame(pieces[i]!, RAW);
    const [conn, ...others] = bench.conns();
    assert.equal(others.length, 0);
    assert.deepEqual([conn!.orig_pkts, conn!.orig_ip_bytes, conn!.history], [1, 20 + whole.length, 'D']);
  }
});

test('IPv6 fragments are joined, also those of a packet with options behind the fragment header', () => {
  const bench = new Bench();
  bench.frame(piece6(104, whole6.length), RAW);
  bench.frame(piece6(0, 104), RAW);
  assert.equal(bench.conns()[0]!.orig_ip_bytes, 40 + whole6.length);
  const inner = joinBytes(Uint8Array.from([17, 0, 1, 4, 0, 0, 0, 0]), whole6);
  const other = new Bench();
  for (const [from, to] of [
    [0, 104],
    [104, inner.length],
  ] as const) {
    const offset = from | (to === inner.length ? 0 : 1);
    const head = Uint8Array.from([60, 0, offset >> 8, offset & 255, 0, 0, 0, 2]);
    other.frame(ipPacket(SIX, otherTransport(44, joinBytes(head, inner.subarray(from, to)))), RAW);
  }
  assert.equal(other.conns()[0]!.dest_port, 9);
});

test('what came first wins where fragments overlap, and that is weird', () => {
  const bench = new Bench();
  bench.frame(piece(0, 80), RAW);
  bench.frame(piece(40, 160), RAW);
  bench.frame(piece(160, whole.length), RAW);
  assert.deepEqual(bench.weirds(), ['fragment_overlap']);
  assert.equal(bench.conns()[0]!.history, 'D');
});

test('fragments that disagree are weird', () => {
  const bench = new Bench();
  bench.frame(piece(80, 160, { last: true }), RAW);
  bench.frame(piece(160, whole.length), RAW);
  bench.frame(piece(0, 16, { protocol: 6 }), RAW);
  assert.deepEqual(bench.weirds(), [
    'fragment_size_inconsistency',
    'fragment_protocol_inconsistency',
    'excessively_small_fragment',
  ]);
});

test('a fragment beyond the largest packet is weird and left out', () => {
  const bench = new Bench();
  bench.frame(
    ipPacket({ ...HERE, fragment: { offset: 65_528, hasMore: false } }, otherTransport(17, ascii(TEXT))),
    RAW,
  );
  assert.deepEqual(bench.weirds(), ['excessively_large_fragment']);
  assert.equal(bench.conns().length, 0);
});

test('fragments that were not captured whole are only used to begin with', () => {
  const bench = new Bench();
  bench.frame(piece(0, 80).subarray(0, 60), RAW, 100);
  bench.frame(piece(80, 160).subarray(0, 60), RAW, 100);
  assert.deepEqual(bench.weirds(), ['incompletely_captured_fragment', 'UDP_datagram_length_mismatch']);
  assert.equal(bench.conns().length, 1);
});

test('datagrams that wait are bounded in number and in time', () => {
  const bench = new Bench({ limits: { flows: 64, fragments: 2 } });
  for (let id = 1; id <= 3; id++) bench.frame(piece(0, 80, { id }), RAW);
  assert.equal(bench.engine.counters['fragments_waiting'], 2);
  assert.equal(bench.engine.counters['fragments_dropped'], 1);
  assert.deepEqual(bench.weirds(), ['too_many_fragments']);
  bench.engine.advance(bench.now + 61_000);
  assert.equal(bench.engine.counters['fragments_waiting'], 0);
});

test('a datagram in very many pieces stays bounded', () => {
  const bench = new Bench();
  for (let offset = 0; offset < 60_000; offset += 16) {
    const part = otherTransport(17, ascii('12345678'));
    bench.frame(ipPacket({ ...HERE, id: 5, fragment: { offset, hasMore: true } }, part), RAW);
  }
  assert.equal(bench.engine.counters['fragments_waiting'], 1);
});
