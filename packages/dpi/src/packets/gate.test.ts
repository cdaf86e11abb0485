import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ethernetFrame,
  type IpHeader,
  ipPacket,
  joinBytes,
  otherTransport,
  parseRange,
  Random,
  TCP_FLAGS,
  type Transport,
  tcpSegment,
  udpDatagram,
} from '@thymus/core';
import { ascii, NOON } from '../harness.ts';
import { type GateOptions, PacketGate } from './gate.ts';

const MACS = { source: '02:00:00:00:00:0a', dest: '02:00:00:00:00:0b' };
const ENDS = { source: '10.0.0.1', dest: '10.0.0.2' };
const V6 = { source: '2001:db8::1', dest: '2001:db8::2' };
const { ACK, PSH } = TCP_FLAGS;
const TIMESTAMPS = Uint8Array.of(1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8);

const segment = (seq: number, options?: Uint8Array): Transport =>
  tcpSegment(
    { sourcePort: 40_000, destPort: 80, seq, flags: ACK | PSH, ...(options ? { options } : {}) },
    ascii('hello'),
  );

/** A gate of three interfaces; `send` says whether the packet passed. */
function gateOf(options: GateOptions = { deduplicate: true }) {
  let passed = 0;
  const gate = new PacketGate(options, { packet: () => passed++ });
  const interfaces = [gate.open(), gate.open(), gate.open()];
  const raw = (from: number, after: number, frame: Uint8Array, linktype = 1): boolean => {
    const before = passed;
    interfaces[from]!.packet(frame, 0, frame.length, frame.length, NOON + after, linktype);
    return passed > before;
  };
  const send = (
    from: number,
    after: number,
    header: IpHeader,
    transport: Transport,
    vlans: readonly number[] = [],
  ): boolean => raw(from, after, ethernetFrame({ ...MACS, vlans }, ipPacket(header, transport)));
  return { gate, raw, send };
}

test('a packet that another interface saw with other TTL, tags and addresses of the link is held back', () => {
  const { gate, send } = gateOf();
  assert.equal(send(0, 0, { ...ENDS, id: 7, ttl: 64 }, segment(1)), true);
  assert.equal(send(1, 0.3, { ...ENDS, id: 7, ttl: 60 }, segment(1), [12, 99]), false);
  assert.equal(send(2, 900, { ...ENDS, id: 7, ttl: 61 }, segment(1)), false);
  const { packets, bytes, duplicatePackets, duplicateBytes } = gate.counts[1]!;
  assert.deepEqual([packets, duplicatePackets, duplicateBytes], [1, 1, bytes]);
});

test('an answer, another port, other payload and other fragments are no copies', () => {
  const { send } = gateOf();
  assert.equal(send(0, 0, { ...ENDS, id: 7 }, segment(1)), true);
  assert.equal(send(1, 1, { source: ENDS.dest, dest: ENDS.source, id: 7 }, segment(1)), true);
  assert.equal(send(1, 1, { ...ENDS, id: 7 }, segment(2)), true);
  assert.equal(send(1, 1, { ...ENDS, id: 8 }, segment(1)), true);
  for (const offset of [0, 1480, 2960]) {
    const header = { ...ENDS, id: 9, fragment: { offset, hasMore: true } };
    assert.equal(send(0, 2, header, otherTransport(17, ascii('the same bytes'))), true);
    assert.equal(send(1, 2, header, otherTransport(17, ascii('the same bytes'))), false);
  }
});

test('what was sent twice is kept twice, once per interface that saw it both times', () => {
  const { send } = gateOf();
  for (const [header, transport] of [
    [ENDS, segment(1)],
    [{ ...ENDS, id: 0 }, udpDatagram(5000, 53, ascii('the same question'))],
    [V6, udpDatagram(5000, 53, ascii('the same question'))],
  ] as const) {
    const seen = [
      send(0, 0, header, transport),
      send(1, 0.1, header, transport),
      send(0, 200, header, transport),
      send(1, 200.1, header, transport),
      send(1, 400, header, transport),
      send(0, 400.1, header, transport),
    ];
    assert.deepEqual(seen, [true, false, true, false, true, false]);
  }
});

test('a packet that the first interface lost is taken from the second', () => {
  const { send } = gateOf();
  const seen = [1, 2, 3].map((seq) => [
    seq === 2 || send(0, seq, { ...ENDS, id: seq }, segment(seq)),
    send(1, seq + 0.1, { ...ENDS, id: seq }, segment(seq)),
  ]);
  assert.deepEqual(seen, [
    [true, false],
    [true, true],
    [true, false],
  ]);
});

test('one interface that sees a packet come and go again keeps one of both', () => {
  const { send } = gateOf();
  assert.equal(send(0, 0, { ...ENDS, id: 5, ttl: 64 }, segment(1)), true);
  assert.equal(send(0, 0.2, { ...ENDS, id: 5, ttl: 63 }, segment(1)), false);
  assert.equal(send(0, 0, V6, segment(1, TIMESTAMPS)), true);
  assert.equal(send(0, 0.2, V6, segment(1, TIMESTAMPS)), false);
});

test('without an IP id or time stamp, equal packets of one interface are retransmissions', () => {
  const { send } = gateOf();
  for (const transport of [segment(1), udpDatagram(1, 2, ascii('x'))])
    for (const after of [0, 0.2, 0.4]) assert.equal(send(0, after, { ...ENDS, id: 0 }, transport), true);
  for (const after of [0, 0.2]) assert.equal(send(0, after, { ...ENDS, id: 3 }, udpDatagram(1, 2)), true);
});

test('copies end after a second, and clocks that jump do not matter', () => {
  const { send } = gateOf();
  for (const after of [0, 1500, -5000, 1e9])
    assert.equal(send(0, after, { ...ENDS, id: 7 }, segment(1)), true);
  assert.equal(send(1, 1e9 + 999, { ...ENDS, id: 7 }, segment(1)), false);
});

test('with VLAN-aware keys, equal packets of two VLANs are two', () => {
  const { send } = gateOf({ deduplicate: true, vlanAware: true });
  assert.equal(send(0, 0, { ...ENDS, id: 7 }, segment(1), [10]), true);
  assert.equal(send(1, 0, { ...ENDS, id: 7 }, segment(1), [20]), true);
  assert.equal(send(1, 0, { ...ENDS, id: 7 }, segment(1), [10]), false);
});

test('mirrors within tunnels are compared by what they carry', () => {
  const { send } = gateOf();
  const inner = ethernetFrame(MACS, ipPacket({ ...ENDS, id: 7 }, segment(1)));
  const mirror = (port: number) =>
    udpDatagram(port, 4789, joinBytes(Uint8Array.of(8, 0, 0, 0, 0, 0, 1, 0), inner));
  assert.equal(send(0, 0, { source: '192.0.2.1', dest: '192.0.2.9', id: 1 }, mirror(50_000)), true);
  assert.equal(send(1, 0.1, { source: '192.0.2.2', dest: '192.0.2.9', id: 2 }, mirror(50_001)), false);
});

test('excluded networks are kept out, whichever end they are, and counted', () => {
  const exclude = ['10.9.0.0/16', '2001:db8:9::/48'].map((text) => parseRange(text)!);
  const { gate, send, raw } = gateOf({ exclude });
  assert.equal(send(0, 0, ENDS, segment(1)), true);
  assert.equal(send(0, 0, V6, segment(1)), true);
  assert.equal(send(0, 0, { source: '10.9.255.1', dest: '10.0.0.2' }, segment(1)), false);
  assert.equal(send(0, 0, { source: '10.0.0.1', dest: '10.9.0.2' }, segment(1)), false);
  assert.equal(send(0, 0, { source: '2001:db8:9::1', dest: '2001:db8::2' }, segment(1)), false);
  assert.equal(raw(0, 0, ascii('this is no packet')), true);
  const { packets, excludedPackets } = gate.counts[0]!;
  assert.deepEqual([packets, excludedPackets], [6, 3]);
  assert.equal(gateOf({ exclude: [parseRange('0.0.0.0/0')!] }).send(0, 0, ENDS, segment(1)), false);
});

test('a full table forgets the oldest, and random bytes never throw', () => {
  const { raw } = gateOf({ deduplicate: true, exclude: [parseRange('10.0.0.0/8')!] });
  const random = new Random(3);
  const frames = [
    ethernetFrame(MACS, ipPacket(ENDS, segment(1, TIMESTAMPS))),
    ethernetFrame({ ...MACS, vlans: [1, 2] }, ipPacket(V6, udpDatagram(1, 4789, new Uint8Array(80)))),
  ];
  for (let i = 0; i < 20_000; i++) {
    const frame = frames[i & 1]!.slice();
    for (let n = 0; n < 6; n++) frame[random.integer(0, frame.length - 1)] = random.integer(0, 255);
    raw(i % 3, i / 10, frame.subarray(0, random.integer(0, frame.length)), i % 50 === 0 ? 101 : 1);
  }
});
