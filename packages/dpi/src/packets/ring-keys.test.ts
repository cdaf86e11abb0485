import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ethernetFrame, ipPacket, parseAddress, type Transport, tcpSegment, udpDatagram } from '@thymus/core';
import { ascii, NOON } from '../harness.ts';
import { RingKeys } from './ring-keys.ts';

const MACS = { source: '02:00:00:00:00:0a', dest: '02:00:00:00:00:0b' };
const OUT = { source: '10.0.0.1', dest: '10.0.0.2' };
const BACK = { source: '10.0.0.2', dest: '10.0.0.1' };

function wants(keys: RingKeys, ends: typeof OUT, transport: Transport, after = 0): boolean {
  const frame = ethernetFrame(MACS, ipPacket(ends, transport));
  return keys.wants(frame, 0, frame.length, NOON + after, 1);
}

const tcp = (payload: Uint8Array, flags = 16, isBack = false) =>
  tcpSegment({ sourcePort: isBack ? 443 : 5000, destPort: isBack ? 5000 : 443, seq: 1, flags }, payload);
const hello = Uint8Array.of(0x16, 3, 1, 0, 200, ...new Uint8Array(600));

test('both directions of a flow have one key, and addresses are found by their text', () => {
  const keys = new RingKeys();
  wants(keys, OUT, tcp(ascii('x')));
  const { source, dest, flow } = keys;
  wants(keys, BACK, tcp(ascii('y'), 16, true));
  assert.deepEqual([keys.dest, keys.source, keys.flow], [source, dest, flow]);
  assert.equal(keys.addressKey(parseAddress('10.0.0.1')!), source);
});

test('of an encrypted flow the first bytes are kept, and packets without payload', () => {
  const keys = new RingKeys(1000);
  const seen = [
    wants(keys, OUT, tcp(new Uint8Array(0), 2)),
    wants(keys, OUT, tcp(hello)),
    wants(keys, BACK, tcp(hello, 16, true)),
    wants(keys, OUT, tcp(hello)),
    wants(keys, OUT, tcp(new Uint8Array(0), 17)),
    wants(keys, OUT, tcp(new Uint8Array(0), 2)),
    wants(keys, OUT, tcp(hello)),
  ];
  assert.deepEqual(seen, [true, true, true, false, true, true, true]);
});

test('flows in the clear are kept whole, and everything is without a limit', () => {
  const keys = new RingKeys(10);
  for (let i = 0; i < 5; i++) {
    assert.equal(wants(keys, OUT, tcp(ascii('GET / HTTP/1.1'))), true);
    assert.equal(wants(new RingKeys(), OUT, tcp(hello)), true);
  }
});

const ENCRYPTED = [
  ['SSH', tcp(ascii('SSH-2.0-OpenSSH_9.6'))],
  ['DTLS', udpDatagram(1, 2, Uint8Array.of(0x16, 0xfe, 0xfd, ...new Uint8Array(40)))],
  ['QUIC', udpDatagram(1, 443, Uint8Array.of(0xc0, 0, 0, 0, 1, ...new Uint8Array(40)))],
  ['WireGuard', udpDatagram(1, 51_820, Uint8Array.of(1, 0, 0, 0, ...new Uint8Array(140)))],
] as const;

for (const [name, transport] of ENCRYPTED)
  test(`${name} counts as encrypted`, () => {
    const keys = new RingKeys(1);
    assert.equal(wants(keys, OUT, transport), true);
    assert.equal(wants(keys, OUT, transport), false);
    assert.equal(wants(keys, OUT, transport, 4_000_000), true);
  });
