import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connection, NOON } from './harness.ts';
import { ProxyTunnels } from './proxy-tunnels.ts';

test('the use of a proxy is told once an hour at most, for each client and proxy', () => {
  const tunnels = new ProxyTunnels();
  const told = connection({ proto: 'tcp', dest_port: 1080 });
  const at = (changes: Partial<typeof told>) =>
    tunnels.discover(Object.assign(told, changes), 'Tunnel::SOCKS');
  at({});
  at({ ts: NOON + 1_000, source_port: 40_001 });
  at({ source_ip: '10.0.0.9' });
  at({ ts: NOON + 4_000_000 });
  assert.deepEqual(
    told.records.map((r) => r.kind === 'tunnel' && [r.ts - NOON, r.source_ip, r.source_port]),
    [
      [0, '10.0.0.1', 0],
      [1_000, '10.0.0.9', 0],
      [4_000_000, '10.0.0.9', 0],
    ],
  );
});

test('what is known is bounded', () => {
  const tunnels = new ProxyTunnels();
  const told = connection({ proto: 'tcp' });
  for (let i = 0; i < 5_000; i++) tunnels.discover(Object.assign(told, { dest_port: i }), 'Tunnel::HTTP');
  tunnels.discover(Object.assign(told, { dest_port: 4_999 }), 'Tunnel::HTTP');
  assert.equal(told.records.length, 5_000);
  tunnels.discover(Object.assign(told, { dest_port: 0 }), 'Tunnel::HTTP');
  assert.equal(told.records.length, 5_001);
});
