import assert from 'node:assert/strict';
import test from 'node:test';
import { ethernetFrame, ipPacket, joinBytes, otherTransport, udpDatagram } from '@thymus/core';
import { ascii, Bench } from '../harness.ts';

const OUTER = { source: '192.0.2.1', dest: '192.0.2.2' };
const inner = ipPacket({ source: '10.0.0.1', dest: '10.0.0.2' }, udpDatagram(7, 9, ascii('inside')));
const frame = ethernetFrame({ source: '02:00:00:00:00:01', dest: '02:00:00:00:00:02' }, inner);
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

const vxlan = (payload: Uint8Array) =>
  udpDatagram(50_000, 4789, joinBytes(bytes('0800000000000100'), payload));
const geneve = (type: string, payload: Uint8Array) =>
  udpDatagram(50_000, 6081, joinBytes(bytes(`0100 ${type} 00000100 00000000`), payload));
const gre = (head: string, payload: Uint8Array) => otherTransport(47, joinBytes(bytes(head), payload));

const TUNNELS = [
  ['VXLAN', vxlan(frame), 'vxlan'],
  ['GENEVE with Ethernet', geneve('6558', frame), 'geneve'],
  ['GENEVE with IP', geneve('0800', inner), 'geneve'],
  ['IP in IP', otherTransport(4, inner), undefined],
  ['GRE', gre('0000 0800', inner), undefined],
  ['GRE with checksum, key and sequence', gre('b000 0800 00000000 00000001 00000002', inner), undefined],
  ['GRE with Ethernet', gre('0000 6558', frame), undefined],
  ['ERSPAN I', gre('0000 88be', frame), undefined],
  ['ERSPAN II', gre('1000 88be 00000001 1000000000000000', frame), undefined],
  ['ERSPAN III', gre('1000 22eb 00000001 200000000000000000000000', frame), undefined],
  ['PPTP', gre('3081 880b 00140001 00000001 00000002', joinBytes(bytes('ff03 0021'), inner)), undefined],
] as const;

for (const [what, transport, service] of TUNNELS) {
  test(`connections inside ${what} are seen, and name the tunnel`, () => {
    const bench = new Bench();
    bench.send(OUTER, transport);
    const [outside, inside] = bench.conns();
    assert.deepEqual([inside!.source_ip, inside!.dest_port, inside!.orig_pkts], ['10.0.0.1', 9, 1]);
    assert.deepEqual(inside!.tunnel_parents, [outside!.uid]);
    assert.equal(outside!.service, service);
    assert.equal(outside!.tunnel_parents, undefined);
  });
}

test('tunnels are followed to a depth of two', () => {
  const bench = new Bench();
  let packet = inner;
  for (let i = 0; i < 4; i++) packet = ipPacket(OUTER, otherTransport(4, packet));
  bench.frame(packet, 101);
  const rows = bench.conns();
  assert.equal(rows.length, 1);
  assert.equal(rows[0]!.orig_pkts, 3);
  assert.equal(rows[0]!.history, 'X');
  assert.deepEqual(bench.weirds(), ['exceeded_tunnel_max_depth']);
});

test('what only looks like a tunnel is left alone', () => {
  const bench = new Bench();
  bench.send(OUTER, udpDatagram(1, 4789, ascii('\0\0\0\0\0\0\0\0and more bytes than a frame has')));
  bench.send(OUTER, udpDatagram(2, 4789, ascii('short')));
  bench.send(OUTER, udpDatagram(3, 6081, bytes('c100 0800 00000000')));
  bench.send(OUTER, udpDatagram(4, 6081, bytes('0000 0800 00000000')));
  bench.send(OUTER, gre('0000', ascii('')));
  bench.send(OUTER, gre('0000 6558', ascii('short')));
  assert.equal(bench.conns().length, 5);
  assert.deepEqual(bench.weirds(), ['geneve_empty_packet']);
});
