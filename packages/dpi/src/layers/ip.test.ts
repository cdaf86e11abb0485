import assert from 'node:assert/strict';
import test from 'node:test';
import { icmpMessage, ipPacket, joinBytes, otherTransport, udpDatagram } from '@thymus/core';
import { ascii, Bench } from '../harness.ts';

const HERE = { source: '10.0.0.1', dest: '10.0.0.2' };
const SIX = { source: '2001:db8::1', dest: '2001:db8::2' };
const RAW = 101;

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

/** An IPv6 packet with extension headers in front of a UDP datagram. */
function withExtensions(first: number, ...extensions: readonly Uint8Array[]): Uint8Array {
  const plain = ipPacket(SIX, udpDatagram(7, 9, ascii('data')));
  return ipPacket(SIX, otherTransport(first, joinBytes(...extensions, plain.subarray(40))));
}

const read = (packet: Uint8Array, wireLength?: number): Bench => {
  const bench = new Bench();
  bench.frame(packet, RAW, wireLength ?? packet.length);
  return bench;
};

test('hop-by-hop, destination and authentication headers are passed', () => {
  const bench = read(
    withExtensions(
      0,
      bytes('3c00 010400000000'),
      bytes('3300 010400000000'),
      bytes('1102 0000 00000001 00000002 00000000'),
    ),
  );
  const [conn] = bench.conns();
  assert.deepEqual([conn!.proto, conn!.source_port, conn!.dest_port], ['udp', 7, 9]);
  assert.equal(conn!.orig_ip_bytes, 40 + 8 + 8 + 16 + 12);
  assert.deepEqual(bench.weirds(), []);
});

test('an unused fragment header is passed', () => {
  assert.equal(read(withExtensions(44, bytes('1100 0000 00000001'))).conns()[0]!.dest_port, 9);
});

test('a routing header of type 0 names the true destination, and is weird', () => {
  const route = bytes(`1102 0001 00000000 ${'20010db8000000000000000000000063'}`);
  const plain = ipPacket({ ...SIX, dest: '2001:db8::63' }, udpDatagram(7, 9));
  const bench = read(ipPacket(SIX, otherTransport(43, joinBytes(route, plain.subarray(40)))));
  assert.deepEqual(bench.weirds(), ['routing0_hdr']);
  assert.equal(bench.conns()[0]!.dest_ip, '2001:db8::63');
});

test('broken and unknown routing headers are weird', () => {
  const odd = `1103 0001 00000000 ${'00'.repeat(24)}`;
  const two = `1103 0201 00000000 ${'00'.repeat(24)}`;
  const unknown = '1100 0901 00000000';
  const names = [odd, two, unknown].flatMap((hex) => read(withExtensions(43, bytes(hex))).weirds());
  assert.deepEqual(names, ['odd_routing0_len', 'routing0_hdr', 'bad_routing2_len', 'unknown_routing_type']);
});

test('a mobile node is known by its home address', () => {
  const home = bytes(`1102 00 00 c910 20010db8000000000000000000000064 0000`);
  const plain = ipPacket({ ...SIX, source: '2001:db8::64' }, udpDatagram(7, 9));
  const bench = read(ipPacket(SIX, otherTransport(60, joinBytes(home, plain.subarray(40)))));
  assert.equal(bench.conns()[0]!.source_ip, '2001:db8::64');
});

test('broken destination options are weird', () => {
  const names = ['1100 c901 00 000000', '1100 05ff 00000000'].flatMap((hex) =>
    read(withExtensions(60, bytes(hex))).weirds(),
  );
  assert.deepEqual(names, ['bad_home_addr_len', 'bad_ipv6_dest_opt_len']);
  const twice = bytes(`1104 c910 ${'11'.repeat(16)} c910 ${'22'.repeat(16)} 0000`);
  assert.deepEqual(read(withExtensions(60, twice)).weirds().slice(0, 1), ['multiple_home_addr_opts']);
});

test('what is encrypted, or of mobility alone, ends the packet in silence', () => {
  for (const first of [50, 135]) {
    const bench = read(withExtensions(first, bytes('3b00 000000000000')));
    assert.deepEqual(bench.conns(), []);
    assert.deepEqual(bench.weirds(), []);
  }
});

test('a packet with nothing after IPv6 is weird', () => {
  assert.deepEqual(read(ipPacket(SIX, otherTransport(59, ascii('')))).weirds(), ['ipv6_no_next']);
});

test('lengths that cannot be are weird', () => {
  const four = ipPacket(HERE, udpDatagram(7, 9));
  const patched = (at: number, value: number): Uint8Array => {
    const packet = four.slice();
    packet[at] = value;
    return packet;
  };
  const six = ipPacket(SIX, icmpMessage(6, 128, 0, 1));
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [four.subarray(0, 12), 'truncated_IP'],
    [six.subarray(0, 30), 'truncated_IP'],
    [patched(3, 0), 'ip_hdr_len_zero'],
    [patched(3, 200), 'truncated_IP_len'],
    [patched(0, 0x4f), 'invalid_IP_header_size'],
    [patched(0, 0x41), 'IPv4_min_header_size'],
    [withExtensions(0, bytes('11ff 000000000000')), 'invalid_IP_header_size'],
  ];
  for (const [packet, name] of cases) assert.deepEqual(read(packet).weirds(), [name]);
  const cut = patched(0, 0x4f);
  cut[3] = 100;
  assert.deepEqual(read(cut, 200).weirds(), ['internally_truncated_header']);
});

test('a frame that claims to be IP but has another version is weird', () => {
  const bench = new Bench();
  bench.frame(bytes(`020000000002 020000000001 0800 5${'0'.repeat(41)}`), 1);
  assert.deepEqual(bench.weirds(), ['unknown_ip_version']);
});

test('a length of zero is offloaded segmentation where checksums are not looked at', () => {
  const packet = ipPacket(HERE, udpDatagram(7, 9, ascii('long')));
  packet[2] = packet[3] = 0;
  const bench = new Bench({ checksums: 'ignore' });
  bench.frame(packet, RAW);
  const [conn] = bench.conns();
  assert.deepEqual([conn!.orig_pkts, conn!.orig_ip_bytes, conn!.history], [1, 0, 'D']);
});
