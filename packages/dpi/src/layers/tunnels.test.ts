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

const innerSix = ipPacket({ source: '2001:db8::1', dest: '2001:db8::2' }, udpDatagram(7, 9, ascii('inside')));
const datagram = (port: number, head: string, payload: Uint8Array) =>
  udpDatagram(50_000, port, joinBytes(bytes(head), payload));
const AYIYA = `4 2 52 11 29 00000000 ${'00'.repeat(16)} ${'00'.repeat(20)}`.replace('4 2', '42');
const AUTHENTICATED = `0001 0101 aabb ${'00'.repeat(9)} 0000 1234 01020304`;
const WIFI = '8801 0000 020000000001 020000000002 020000000003 0000 0000';

/** What carries a packet, the kind that is told, the service of the connection around, the virtual network. */
const TUNNELS = [
  ['VXLAN', vxlan(frame), 'VXLAN', 'vxlan', 1],
  ['GENEVE with Ethernet', geneve('6558', frame), 'GENEVE', 'geneve', 1],
  ['GENEVE with IP', geneve('0800', inner), 'GENEVE', 'geneve', 1],
  ['GTP', datagram(2152, '30ff 0000 00000001', inner), 'GTPv1', 'gtpv1', undefined],
  [
    'GTP with options and an extension header',
    datagram(2152, '36ff 0000 00000001 0001 00 85 01 0000 85 01 0000 00', inner),
    'GTPv1',
    'gtpv1',
    undefined,
  ],
  ['Teredo', datagram(3544, '', innerSix), 'TEREDO', 'teredo', undefined],
  ['Teredo on any port', datagram(40_000, AUTHENTICATED, innerSix), 'TEREDO', 'teredo', undefined],
  ['AYIYA', datagram(5072, AYIYA, innerSix), 'AYIYA', 'ayiya', undefined],
  ['AYIYA on any port', datagram(40_000, AYIYA, innerSix), 'AYIYA', 'ayiya', undefined],
  ['IP in IP', otherTransport(4, inner), 'IP', undefined, undefined],
  ['6in4', otherTransport(41, innerSix), 'IP', undefined, undefined],
  ['GRE', gre('0000 0800', inner), 'GRE', undefined, undefined],
  [
    'GRE with checksum, key and sequence',
    gre(`b000 0800 ${'00'.repeat(12)}`, inner),
    'GRE',
    undefined,
    undefined,
  ],
  ['GRE with Ethernet', gre('0000 6558', frame), 'GRE', undefined, undefined],
  ['GRE with MPLS', gre('0000 8847 00010140', inner), 'GRE', undefined, undefined],
  ['GRE with 802.11', gre(`0000 9000 ${WIFI} aaaa03 000000 0800`, inner), 'GRE', undefined, undefined],
  ['ERSPAN I', gre('0000 88be', frame), 'GRE', undefined, undefined],
  ['ERSPAN II', gre('1000 88be 00000001 1000000500000000', frame), 'GRE', undefined, 5],
  ['ERSPAN III', gre('1000 22eb 00000001 200000050000000000000000', frame), 'GRE', undefined, 5],
  [
    'ERSPAN III with its second part',
    gre(`1000 22eb 00000001 200000050000000000000001 ${'00'.repeat(8)}`, frame),
    'GRE',
    undefined,
    5,
  ],
  ['PPTP', gre('3081 880b 00000001 00000001 00000002 ff03 0021', inner), 'GRE', undefined, undefined],
] as const;

for (const [what, transport, type, service, vni] of TUNNELS) {
  test(`connections inside ${what} are seen, and name the tunnel`, () => {
    const bench = new Bench();
    bench.send(OUTER, transport);
    bench.send(OUTER, transport);
    const rows = bench.conns();
    const inside = rows.find(({ dest_port }) => dest_port === 9)!;
    const outside = rows.find((row) => row !== inside);
    const tunnels = bench.of('tunnel');
    assert.deepEqual([inside.orig_pkts, inside.vni], [2, vni]);
    assert.deepEqual(inside.tunnel_parents, [tunnels[0]!.uid]);
    assert.equal(tunnels[0]!.tunnel_type, `Tunnel::${type}`);
    assert.deepEqual([tunnels[0]!.source_ip, tunnels[0]!.dest_ip], [OUTER.source, OUTER.dest]);
    assert.equal(outside?.service, service);
    const actions = service === undefined ? ['Tunnel::DISCOVER'] : ['Tunnel::DISCOVER', 'Tunnel::CLOSE'];
    assert.deepEqual(
      tunnels.map(({ action }) => action),
      actions,
    );
    assert.deepEqual(bench.weirds(), []);
  });
}

test('a tunnel over IP itself is told as expired when it has been silent for an hour', () => {
  const bench = new Bench();
  bench.send(OUTER, otherTransport(4, inner));
  bench.engine.advance(bench.now + 3_500_000);
  assert.equal(bench.of('tunnel').length, 1);
  bench.engine.advance(bench.now + 3_700_000);
  assert.equal(bench.of('tunnel')[1]!.action, 'Tunnel::EXPIRE');
});

test('GRE in UDP has the identity of its addresses beside the UDP connection', () => {
  const bench = new Bench();
  bench.send(OUTER, datagram(4754, '0000 0800', inner));
  const rows = bench.conns();
  assert.deepEqual(rows.map(({ dest_port }) => dest_port).sort(), [4754, 9]);
  assert.equal(bench.of('tunnel')[0]!.dest_port, 0);
});

test('all frames of an aggregate are read', () => {
  const bench = new Bench();
  const part = (payload: Uint8Array) =>
    joinBytes(
      bytes('020000000001 020000000002'),
      new Uint8Array([0, payload.length + 8]),
      bytes('aaaa03 000000 0800'),
      payload,
      new Uint8Array((4 - ((payload.length + 22) & 3)) & 3),
    );
  const aggregate = joinBytes(bytes(`${WIFI.slice(0, -4)} 8000`), part(inner), part(innerSix), part(inner));
  bench.frame(aggregate, 105);
  assert.equal(bench.conns()[0]!.orig_pkts, 2);
});

test('tunnels are followed to a depth of four, and each is told once', () => {
  const bench = new Bench();
  let packet = inner;
  for (let i = 1; i <= 5; i++)
    packet = ipPacket(
      { source: `192.0.2.${i}`, dest: '192.0.2.9' },
      vxlan(joinBytes(frame.subarray(0, 14), packet)),
    );
  bench.frame(packet, 101);
  const deepest = bench.conns().at(-1)!;
  assert.deepEqual([deepest.source_ip, deepest.history, deepest.service], ['192.0.2.1', 'DX', undefined]);
  assert.deepEqual(bench.weirds(), ['exceeded_tunnel_max_depth_in_tunnel']);
  const found = bench.of('tunnel').filter(({ action }) => action === 'Tunnel::DISCOVER');
  assert.deepEqual(
    found.map(({ source_ip }) => source_ip),
    ['192.0.2.5', '192.0.2.4', '192.0.2.3', '192.0.2.2'],
  );
});

test('a connection that moves between tunnels has them all as parents, and says when it is too much', () => {
  const bench = new Bench();
  for (let i = 0; i < 8; i++)
    bench.send({ ...OUTER, source: `192.0.2.${20 + (i & 1)}` }, otherTransport(4, inner));
  const [conn] = bench.conns();
  assert.equal(conn!.tunnel_parents!.length, 2);
  assert.equal(conn!.history, 'DX');
  assert.equal(conn!.orig_pkts, 8);
});

test('a broken inner packet is weird and makes no connection inside', () => {
  const cut = inner.subarray(0, inner.length - 3);
  for (const [transport, name] of [
    [gre('0005 0800', inner), 'unknown_gre_version'],
    [gre('0001 0800', inner), 'egre_protocol_type'],
    [gre('4000 0800', inner), 'gre_routing'],
    [gre('0040 0800', inner), 'unknown_gre_flags'],
    [gre('2000 0800', bytes('0000')), 'truncated_GRE'],
    [gre('0000 88be', frame.subarray(0, 14)), 'truncated_GRE'],
    [gre('2001 880b 00000001 ff03 c021', inner), 'non_ip_packet_in_encap'],
    [gre('2001 880b 00000001 ff03 0021', cut), 'truncated_inner_IP'],
    [otherTransport(4, cut), 'truncated_inner_IP'],
    [otherTransport(4, joinBytes(inner, cut)), 'inner_IP_payload_length_mismatch'],
    [otherTransport(4, innerSix), 'invalid_inner_IP_version'],
    [datagram(4789, '0800000000000100', bytes('')), 'vxlan_empty_packet'],
    [datagram(6081, '0000 0800 00000000', bytes('')), 'geneve_empty_packet'],
    [datagram(5072, AYIYA, bytes('')), 'ayiya_empty_packet'],
  ] as const) {
    const bench = new Bench();
    bench.send(OUTER, transport);
    assert.deepEqual(bench.weirds(), [name]);
    assert.equal(bench.conns().length, 1);
    assert.deepEqual(bench.of('tunnel'), []);
  }
});

test('a bubble of Teredo with something behind it is weird', () => {
  const bench = new Bench();
  const bubble = innerSix.slice();
  bubble.set([0, 0, 59], 4);
  bench.send(OUTER, datagram(3544, '', bubble.subarray(0, 40)));
  assert.deepEqual(bench.weirds(), []);
  bench.send(OUTER, datagram(3544, '', bubble));
  assert.deepEqual(bench.weirds(), ['Teredo_bubble_with_payload']);
  assert.equal(bench.conns()[0]!.service, 'teredo');
});

test('what only looks like a tunnel is left alone', () => {
  const bench = new Bench();
  for (const transport of [
    datagram(4789, '0000000000000000', frame),
    datagram(4789, '0800', bytes('')),
    datagram(6081, 'c100 0800 00000000', inner),
    datagram(6081, '3f00 0800 00000000', inner),
    datagram(2152, '30ff 0000', bytes('')),
    datagram(2152, '28ff 0000 00000001', inner),
    datagram(2152, '34ff 0000 00000001 0001 00 85 00', inner),
    datagram(2152, '30ff 0000 00000001', inner.subarray(0, 30)),
    datagram(2152, '3001 0000 00000001', inner),
    datagram(3544, '0002', innerSix),
    datagram(3544, '', innerSix.subarray(0, 50)),
    datagram(5072, '4252 1129', bytes('')),
    datagram(5072, 'f052 1129 00000000', innerSix),
    datagram(5072, AYIYA.replace('11', '10'), innerSix),
    datagram(4754, '0000 1234', inner),
    gre('0000 1234', inner),
  ])
    bench.send(OUTER, transport);
  assert.deepEqual(bench.of('tunnel'), []);
  assert.deepEqual(bench.weirds(), []);
  assert.ok(bench.conns().every(({ dest_port, service }) => dest_port !== 9 && service === undefined));
});
