import assert from 'node:assert/strict';
import test from 'node:test';
import { ThymusError } from './errors.ts';
import {
  ethernetFrame,
  icmpMessage,
  internetChecksum,
  ipPacket,
  otherTransport,
  TCP_FLAGS,
  tcpSegment,
  udpDatagram,
} from './frames.ts';
import { pcapHeader, pcapPacket } from './pcap-writer.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('the checksum example of RFC 1071 comes out', () => {
  assert.equal(internetChecksum(Uint8Array.from([0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7])), 0x220d);
});

test('an odd last byte counts as the high half of a word', () => {
  assert.equal(internetChecksum(Uint8Array.from([0x12])), ~0x1200 & 0xffff);
});

test('a UDP packet over IPv4 carries both checksums', () => {
  const packet = ipPacket({ source: '10.0.0.1', dest: '10.0.0.2', id: 1 }, udpDatagram(1000, 53, text('hi')));
  assert.equal(hex(packet), '4500001e00014000401126cc0a0000010a000002' + '03e80035000a7f51' + '6869');
});

test('a SYN over IPv6 has its options padded', () => {
  const syn = tcpSegment({ sourcePort: 1, destPort: 2, seq: 3, flags: TCP_FLAGS.SYN, options: text('\x02') });
  const packet = ipPacket({ source: 'fe80::1', dest: 'fe80::2' }, syn);
  assert.equal(packet.length, 64);
  assert.equal(packet[6], 6);
  assert.equal(packet[40 + 12], 0x60);
});

test('a fragment says where it belongs', () => {
  const fragment = { offset: 1480, hasMore: true };
  const packet = ipPacket({ source: '10.0.0.1', dest: '10.0.0.2', fragment }, otherTransport(17, text('x')));
  assert.equal((packet[6]! << 8) | packet[7]!, 0x2000 | 185);
});

test('an echo request sums without addresses, its ICMPv6 twin with them', () => {
  const four = ipPacket({ source: '10.0.0.1', dest: '10.0.0.2' }, icmpMessage(4, 8, 0, 1));
  assert.equal((four[22]! << 8) | four[23]!, 0xf7fe);
  const six = ipPacket({ source: 'fe80::1', dest: 'fe80::2' }, icmpMessage(6, 128, 0, 1));
  assert.notEqual((six[42]! << 8) | six[43]!, 0x7ffe);
});

test('VLAN tags stand in front of the type of the packet', () => {
  const packet = ipPacket({ source: 'fe80::1', dest: 'fe80::2' }, otherTransport(59, text('')));
  const frame = ethernetFrame(
    { source: '02:00:00:00:00:01', dest: '02:00:00:00:00:02', vlans: [10] },
    packet,
  );
  assert.equal(hex(frame.subarray(0, 18)), `020000000002020000000001${'8100000a'}86dd`);
});

test('what is no address, or no MAC address, is refused', () => {
  const refused = (call: () => unknown) =>
    assert.throws(call, (error) => error instanceof ThymusError && error.code === 'BAD_INPUT');
  const nothing = otherTransport(59, text(''));
  refused(() => ipPacket({ source: 'ten', dest: '10.0.0.1' }, nothing));
  refused(() => ipPacket({ source: 'fe80::1', dest: '10.0.0.1' }, nothing));
  refused(() => ethernetFrame({ source: 'x', dest: '02:00:00:00:00:02' }, text('E')));
});

test('a capture file tells its link, and of each packet when it came and how long it was', () => {
  assert.equal(hex(pcapHeader(101)).slice(-8), '65000000');
  const record = pcapPacket(1_700_000_000_123.456, text('abc'), 60);
  const view = new DataView(record.buffer);
  assert.equal(view.getUint32(0, true), 1_700_000_000);
  assert.equal(view.getUint32(4, true), 123_456_000);
  assert.equal(view.getUint32(8, true), 3);
  assert.equal(view.getUint32(12, true), 60);
});
