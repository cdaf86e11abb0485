import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ethernetFrame,
  icmpMessage,
  ipPacket,
  joinBytes,
  otherTransport,
  Random,
  type Transport,
  tcpSegment,
  udpDatagram,
} from '@thymus/core';
import { torture } from './dissectors/harness.ts';
import { DISSECTORS } from './dissectors/index.ts';
import { Engine } from './engine.ts';
import { ascii, NOON } from './harness.ts';

const FLOWS = 32;
const LINKTYPES = [0, 1, 9, 10, 12, 50, 51, 101, 105, 108, 113, 127, 147, 228, 229, 239, 276];
const MACS = { source: '02:00:00:00:00:01', dest: '02:00:00:00:00:02' };

const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.integer(0, 255));

const HELLO = ascii('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

function randomTransport(random: Random): Transport {
  const payload = random.chance(0.5) ? HELLO : randomBytes(random, random.integer(0, 200));
  const [sourcePort, destPort] = [random.integer(1, 9), random.pick([53, 67, 80, 88, 443, 4789, 6081])];
  switch (random.integer(0, 4)) {
    case 0:
      return udpDatagram(sourcePort, destPort, payload);
    case 1:
      return icmpMessage(4, random.integer(0, 255), 0, random.u32(), payload);
    case 2:
      return otherTransport(random.pick([4, 41, 47, 50, 132]), payload);
    default:
      return tcpSegment(
        {
          sourcePort,
          destPort,
          seq: random.integer(0, 400),
          ack: random.integer(0, 400),
          flags: random.integer(0, 63),
        },
        payload,
      );
  }
}

function randomFrame(random: Random): Uint8Array {
  const isV6 = random.chance(0.3);
  const host = () => (isV6 ? `fe80::${random.integer(1, 5)}` : `10.0.0.${random.integer(1, 5)}`);
  const header = { source: host(), dest: host(), id: random.integer(0, 3) };
  const offset = 8 * random.integer(0, 9);
  const ip = random.chance(0.2) ? { ...header, fragment: { offset, hasMore: random.chance(0.5) } } : header;
  const packet = ipPacket(ip, randomTransport(random));
  const chained = isV6 && random.chance(0.3);
  if (chained) packet[6] = random.pick([0, 43, 44, 51, 60, 135]);
  return ethernetFrame({ ...MACS, vlans: random.chance(0.2) ? [random.integer(0, 9)] : [] }, packet);
}

function assertBounded(engine: Engine): void {
  const { counters } = engine;
  assert.ok(counters['flows_open']! <= FLOWS);
  assert.ok(counters['fragments_waiting']! <= 8);
  assert.equal(counters['faults'], 0);
}

function newEngine(checksums: 'check' | 'ignore'): Engine {
  const limits = { flows: FLOWS, fragments: 8, outOfOrderBytes: 2_000, messageBytes: 2_000 };
  return new Engine({ checksums, limits, updateEvery: 1_000 }, () => {}, DISSECTORS);
}

test('random bytes of any link type are borne', () => {
  const random = new Random(1);
  const engine = newEngine('ignore');
  for (let i = 0; i < 20_000; i++) {
    const bytes = randomBytes(random, random.integer(0, 120));
    engine.packet(bytes, 0, bytes.length, bytes.length, NOON + i * 10, random.pick(LINKTYPES));
  }
  assertBounded(engine);
  engine.finish();
  assert.equal(engine.counters['flows_open'], 0);
});

test('frames that make sense, cut and with flipped bits, are borne', () => {
  const random = new Random(2);
  const engine = newEngine('ignore');
  for (let i = 0; i < 12_000; i++) {
    let frame = randomFrame(random);
    if (random.chance(0.5))
      for (let n = 3; n > 0; n--) frame[random.integer(0, frame.length - 1)]! ^= 1 << random.integer(0, 7);
    if (random.chance(0.2)) frame = frame.subarray(0, random.integer(0, frame.length));
    const padded = joinBytes(new Uint8Array(7), frame);
    const wire = frame.length + (random.chance(0.1) ? random.integer(0, 1_500) : 0);
    engine.packet(padded, 7, frame.length, wire, NOON + i * random.integer(-5, 100), 1);
  }
  assertBounded(engine);
  engine.finish();
  assertBounded(engine);
});

test('frames that make sense are borne where checksums are looked at', () => {
  const random = new Random(3);
  const engine = newEngine('check');
  for (let i = 0; i < 8_000; i++) {
    const frame = randomFrame(random);
    engine.packet(frame, 0, frame.length, frame.length, NOON + i * 3, 1);
  }
  assertBounded(engine);
});

const SAMPLES = [
  HELLO,
  ascii('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
  ascii('SSH-2.0-OpenSSH_9.6\r\n'),
  Uint8Array.from(Buffer.from('1a2b01000001000000000000037777770161 00001c0001'.replace(' ', ''), 'hex')),
  Uint8Array.from(Buffer.from('16030100310100002d0303'.padEnd(140, '0'), 'hex')),
  Uint8Array.from(Buffer.from('6a81d03081cda103020105a20302010a'.padEnd(200, '30'), 'hex')),
  randomBytes(new Random(4), 600),
];

for (const dissector of DISSECTORS) {
  test(`${dissector.name} bears random, cut and changed bytes`, () => {
    torture(dissector, SAMPLES, 2_000);
  });
}
