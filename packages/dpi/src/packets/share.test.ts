import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ethernetFrame, ipPacket, otherTransport, udpDatagram } from '@thymus/core';
import { PacketShare } from './share.ts';

const OF = 3;

/** Which shares take a frame. */
function takers(frame: Uint8Array, linktype = 1): number[] {
  const taken: number[] = [];
  for (let index = 0; index < OF; index++) {
    const taker = { packet: () => void taken.push(index) };
    new PacketShare(index, OF, taker).packet(frame, 0, frame.length, frame.length, 0, linktype);
  }
  return taken;
}

const MACS = { source: '02:00:00:00:00:0a', dest: '02:00:00:00:00:0b' };

const datagram = (source: string, dest: string, sourcePort: number, destPort: number): Uint8Array =>
  ethernetFrame(MACS, ipPacket({ source, dest }, udpDatagram(sourcePort, destPort, new Uint8Array(4))));

test('each packet goes to one share, both directions and all ports of two hosts to the same', () => {
  const used = new Set<number>();
  for (let i = 1; i < 60; i++) {
    for (const [a, b] of [
      [`10.0.0.${i}`, '10.0.1.1'],
      [`fd00::${i}`, 'fd00:1::1'],
    ] as const) {
      const taken = takers(datagram(a, b, 40_000, 53));
      assert.equal(taken.length, 1);
      assert.deepEqual(takers(datagram(b, a, 53, 40_000)), taken);
      assert.deepEqual(takers(datagram(a, b, 1, 2)), taken);
      used.add(taken[0]!);
    }
  }
  assert.equal(used.size, OF);
});

test('DHCP, and what is no IP packet between two hosts, falls to the first', () => {
  for (let i = 1; i < 9; i++) {
    assert.deepEqual(takers(datagram(`10.0.0.${i}`, '10.0.1.1', 68, 67)), [0]);
    assert.deepEqual(takers(datagram(`fe80::${i}`, 'ff02::1:2', 546, 547)), [0]);
  }
  assert.deepEqual(takers(new Uint8Array(7)), [0]);
  assert.deepEqual(takers(datagram('10.0.0.9', '10.0.1.7', 1, 2), 105), [0]);
});

test('a packet without ports has its share too', () => {
  const frame = ethernetFrame(
    MACS,
    ipPacket({ source: '10.0.0.5', dest: '10.0.0.6' }, otherTransport(89, new Uint8Array(9))),
  );
  assert.equal(takers(frame).length, 1);
});
