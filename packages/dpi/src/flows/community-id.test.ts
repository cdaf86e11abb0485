import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import test from 'node:test';
import {
  type IpHeader,
  icmpMessage,
  otherTransport,
  type Transport,
  tcpSegment,
  udpDatagram,
} from '@thymus/core';
import { Bench } from '../harness.ts';
import { LONGEST_MESSAGE, sha1Base64 } from './sha1.ts';

/** The examples of the specification, and one of each family more. */
const EXAMPLES: readonly (readonly [IpHeader, Transport, string])[] = [
  [
    { source: '128.232.110.120', dest: '66.35.250.204' },
    tcpSegment({ sourcePort: 34_855, destPort: 80, seq: 1, flags: 2 }),
    '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
  ],
  [{ source: '192.168.1.52', dest: '8.8.8.8' }, udpDatagram(54_585, 53), '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  [
    { source: '192.168.0.89', dest: '192.168.0.1' },
    icmpMessage(4, 8, 0, 1),
    '1:X0snYXpgwiv9TZtqg64sgzUn6Dk=',
  ],
];

for (const [header, transport, expected] of EXAMPLES) {
  test(`the community id of ${header.source} is the same from either end`, () => {
    const bench = new Bench();
    bench.send(header, transport);
    assert.equal(bench.conns()[0]!.community_id, expected);
  });
}

test('protocols without ports have a community id too', () => {
  const bench = new Bench();
  bench.send({ source: 'fe80::2', dest: 'fe80::1' }, otherTransport(89, new Uint8Array(8)));
  assert.match(bench.conns()[0]!.community_id!, /^1:[A-Za-z0-9+/]{27}=$/);
});

test('our SHA-1 agrees with that of node for every length that fits', () => {
  for (let length = 0; length <= LONGEST_MESSAGE; length++) {
    const bytes = randomBytes(length);
    assert.equal(sha1Base64(bytes, length), hash('sha1', bytes, 'base64'));
  }
});
