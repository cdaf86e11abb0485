import assert from 'node:assert/strict';
import test from 'node:test';
import { otherTransport } from '@thymus/core';
import { Bench } from '../harness.ts';

const HERE = { source: '10.0.0.1', dest: '10.0.0.2' };
const BACK = { source: '10.0.0.2', dest: '10.0.0.1' };
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const sctp = (hex: string) => otherTransport(132, bytes(hex));

test('an association is one connection with its ports', () => {
  const bench = new Bench();
  bench.send(HERE, sctp('1000 0e3c 00000000 00000000 0100 0014 00000001 00001000 0001 0001 00000001'));
  bench.send(BACK, sctp('0e3c 1000 00000001 00000000 0200 0004'));
  const [conn, ...others] = bench.conns();
  assert.deepEqual(others, []);
  assert.deepEqual([conn!.source_port, conn!.dest_port, conn!.ip_proto], [4096, 3644, 132]);
  assert.deepEqual([conn!.orig_pkts, conn!.resp_pkts], [1, 1]);
});

test('what only bears the number of SCTP has no ports', () => {
  for (const hex of [
    '1000 0e3c 00000000 00000000',
    '1000 0e3c 00000000 00000000 0000 0004',
    '1000 0e3c 00000001 00000000 0100 0004',
    '1000 0e3c 00000001 00000000 0000 0003',
    '1000 0e3c 00000001 00000000 0000 0400',
  ]) {
    const bench = new Bench();
    bench.send(HERE, sctp(hex));
    assert.deepEqual([bench.conns()[0]!.source_port, bench.conns()[0]!.dest_port], [0, 0]);
  }
});
