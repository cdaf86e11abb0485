import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '@thymus/core';
import { FrameStream } from './frame-stream.ts';
import {
  type ByteOrder,
  block,
  describeInterface,
  enhanced,
  keeper,
  option,
  pcap,
  type Seen,
  section,
  u16,
  u32,
} from './hand-made.ts';

interface Outcome {
  seen: Seen[];
  fault: string;
  isWithinRecord: boolean;
}

/** Feeds a capture in pieces, as a pipe might deliver it. */
function parse(bytes: Uint8Array, piece = bytes.length, capacity = 64): Outcome {
  const stream = new FrameStream(capacity);
  const sink = keeper();
  const outcome = (fault: string) => ({ seen: sink.seen, fault, isWithinRecord: stream.isWithinRecord });
  for (let at = 0; at < bytes.length; ) {
    const space = stream.space();
    const part = bytes.subarray(at, at + Math.min(piece, space.length));
    space.set(part);
    stream.filled(part.length);
    at += part.length;
    let step = stream.next();
    for (; step === 'frame'; step = stream.next()) {
      const p = stream.parser!;
      sink.packet(p.bytes, p.offset, p.caplen, p.wirelen, p.ts, p.linktype);
    }
    if (step === 'bad') return outcome(stream.fault);
  }
  return outcome('');
}

const two = [
  { seconds: 1_700_000_000, fraction: 250_000, text: 'first' },
  { seconds: 1_700_000_001, fraction: 999_999, text: 'the second', wirelen: 1500 },
];
const seenTwo: Seen[] = [
  { ts: 1_700_000_000_250, caplen: 5, wirelen: 5, linktype: 1, text: 'first' },
  { ts: 1_700_000_001_999.999, caplen: 10, wirelen: 1500, linktype: 1, text: 'the second' },
];
const ORDERS: ByteOrder[] = ['little', 'big'];

for (const order of ORDERS) {
  test(`pcap in ${order}-endian order gives frames with times in ms`, () => {
    assert.deepEqual(parse(pcap(two, order)), { seen: seenTwo, fault: '', isWithinRecord: false });
  });

  test(`pcap with nanoseconds in ${order}-endian order keeps them`, () => {
    for (const magic of [0xa1b23c4d, 0xa12b3c4d]) {
      const file = pcap([{ seconds: 5, fraction: 123_456_789, text: 'x' }], order, magic);
      assert.equal(parse(file).seen[0]?.ts, 5123.456789);
    }
  });

  test(`the modified pcap of old Linux kernels is read in ${order}-endian order`, () => {
    assert.deepEqual(parse(pcap(two, order, 0xa1b2cd34)).seen, seenTwo);
  });

  test(`pcapng in ${order}-endian order gives frames of several interfaces, each with its own clock`, () => {
    const file = Buffer.concat([
      section(order),
      describeInterface(order, 1),
      describeInterface(order, 113, 0, option(order, 2, Buffer.from('eth1')), option(order, 9, Buffer.of(9))),
      describeInterface(
        order,
        101,
        0,
        option(order, 9, Buffer.of(0x8a)),
        option(order, 14, i64(order, 100n)),
      ),
      enhanced(order, 0, 1_700_000_000_250_000n, 'first'),
      block(order, 5, Buffer.from('statistics')),
      enhanced(order, 1, 1_700_000_001_999_999_000n, 'the second', 1500),
      block(order, 0x40000bad, Buffer.alloc(400, 1)),
      enhanced(order, 2, 2048n, 'third'),
    ]);
    const expected = [
      seenTwo[0],
      { ...seenTwo[1], linktype: 113 },
      { ts: 102_000, caplen: 5, wirelen: 5, linktype: 101, text: 'third' },
    ];
    for (const piece of [1, 7, file.length]) assert.deepEqual(parse(file, piece).seen, expected);
  });
}

function i64(order: ByteOrder, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  if (order === 'little') bytes.writeBigInt64LE(value);
  else bytes.writeBigInt64BE(value);
  return bytes;
}

test('frames are the same however the bytes are cut', () => {
  const file = pcap(two);
  for (let piece = 1; piece <= file.length; piece++) assert.deepEqual(parse(file, piece).seen, seenTwo);
});

test('a frame larger than the buffer makes it grow', () => {
  const large = 'x'.repeat(70_000);
  assert.equal(parse(pcap([{ seconds: 1, text: large }]), 1000).seen[0]?.text, large);
});

test('the length of the frame check sequence is no part of the link type', () => {
  assert.equal(parse(pcap(two, 'little', 0xa1b2c3d4, 0x24000001)).seen[0]?.linktype, 1);
});

test('sections may differ in byte order, and forget the interfaces of the section before', () => {
  const ofBoth = ORDERS.flatMap((order) => [
    section(order),
    describeInterface(order, order === 'big' ? 1 : 113),
    enhanced(order, 0, 1_000_000n, order),
  ]);
  const { seen, fault } = parse(Buffer.concat(ofBoth));
  assert.equal(fault, '');
  assert.deepEqual(
    seen.map(({ text, linktype }) => [text, linktype]),
    [
      ['little', 113],
      ['big', 1],
    ],
  );
  const withoutInterface = [
    section('big'),
    describeInterface('big', 1),
    section('big'),
    enhanced('big', 0, 1n, 'x'),
  ];
  assert.match(parse(Buffer.concat(withoutInterface)).fault, /interface that was not described at byte 80/);
});

test('simple packets end at the snap length and take the time of the packet before', () => {
  const file = Buffer.concat([
    section('little'),
    describeInterface('little', 1, 4),
    enhanced('little', 0, 7_000_000n, 'abc'),
    block('little', 3, u32('little', 9), Buffer.from('abcd')),
  ]);
  assert.deepEqual(parse(file).seen[1], { ts: 7000, caplen: 4, wirelen: 9, linktype: 1, text: 'abcd' });
});

test('old packet blocks name their interface in two bytes', () => {
  const body = [u16('big', 0, 3), u32('big', 0, 5_000_000, 3, 60), Buffer.from('old')];
  const file = Buffer.concat([section('big'), describeInterface('big', 1), block('big', 2, ...body)]);
  assert.deepEqual(parse(file).seen, [{ ts: 5000, caplen: 3, wirelen: 60, linktype: 1, text: 'old' }]);
});

test('a skipped block may be larger than any buffer', () => {
  const file = Buffer.concat([
    section('little'),
    describeInterface('little', 1),
    block('little', 0xbad, Buffer.alloc(3_000_000)),
    enhanced('little', 0, 1000n, 'after'),
  ]);
  assert.equal(parse(file, 5000).seen[0]?.text, 'after');
  assert.equal(parse(file.subarray(0, 2_000_000)).isWithinRecord, true);
});

const bad: [what: string, bytes: Buffer, fault: RegExp][] = [
  ['no capture', Buffer.from('GET / HTTP/1.1'), /begins with 0x47455420 .*expected/],
  [
    'a packet of absurd length',
    Buffer.concat([pcap(two), u32('little', 1, 0, 0x7fffffff, 9)]),
    /2147483647 bytes.* at byte 71/,
  ],
  [
    'zeros instead of packets',
    Buffer.concat([pcap(two), Buffer.alloc(100)]),
    /zeros where a packet was expected at byte 71/,
  ],
  [
    'a section without byte order',
    block('little', 0x0a0d0d0a, u32('little', 1, 2, 3, 4)),
    /without a byte order/,
  ],
  ['a block too short for itself', Buffer.concat([section('little'), u32('little', 6, 8, 0)]), /length of 8/],
  ['a block of odd length', Buffer.concat([section('little'), u32('little', 6, 33, 0)]), /length of 33/],
  [
    'a packet block of absurd length',
    Buffer.concat([section('little'), u32('little', 6, 0x10000000, 0)]),
    /at most 1048576/,
  ],
  [
    'an interface cut short',
    Buffer.concat([section('little'), block('little', 1, u32('little', 1))]),
    /too short/,
  ],
  [
    'a packet block cut short',
    Buffer.concat([section('little'), block('little', 6, u32('little', 1))]),
    /too short/,
  ],
  [
    'an old block cut short',
    Buffer.concat([section('little'), block('little', 2, u32('little', 1))]),
    /too short/,
  ],
  [
    'a simple packet before any interface',
    Buffer.concat([section('little'), block('little', 3)]),
    /not described/,
  ],
  [
    'a simple packet cut short',
    Buffer.concat([section('little'), describeInterface('little', 1), block('little', 3)]),
    /too short/,
  ],
  [
    'a packet larger than its block',
    Buffer.concat([
      section('little'),
      describeInterface('little', 1),
      block('little', 6, u32('little', 0, 0, 0, 50, 50), Buffer.from('abc')),
    ]),
    /50 bytes in a block with room for 4/,
  ],
];
for (const [what, bytes, fault] of bad)
  test(`${what} is told as a fault, with the place`, () => {
    assert.match(parse(bytes).fault, fault);
    assert.match(parse(bytes, 1).fault, fault);
  });

test('interfaces beyond all measure are refused', () => {
  const one = describeInterface('little', 1);
  const many = Buffer.alloc(one.length * 65_537);
  for (let i = 0; i < 65_537; i++) many.set(one, i * one.length);
  assert.match(parse(Buffer.concat([section('little'), many])).fault, /more interfaces/);
});

test('random bytes after a header never throw', () => {
  const random = new Random(7);
  for (let round = 0; round < 300; round++) {
    const noise = Buffer.from(Array.from({ length: 200 }, () => random.integer(0, 255)));
    for (const start of [pcap(two), Buffer.concat([section('big'), describeInterface('big', 1)])]) {
      const bytes = Buffer.concat([start, noise]);
      for (let i = 0; i < 4; i++) bytes[random.integer(4, bytes.length - 1)] = random.integer(0, 255);
      parse(bytes, 33);
    }
  }
});
