import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InterfaceStats } from '@thymus/capture';
import type { Conn } from '@thymus/core';
import type { GateCounts } from '@thymus/dpi';
import { LiveReporter } from './live-report.ts';
import { OneWayCounter } from './one-way.ts';

const stats = (dropped: number): InterfaceStats => ({
  name: 'eth1',
  isUp: true,
  fault: '',
  restarts: 0,
  packets: 0,
  bytes: 0,
  received: 0,
  dropped,
  deviceDropped: 0,
});

const counts = (packets: number, duplicatePackets: number): GateCounts => ({
  packets,
  bytes: packets * 100,
  excludedPackets: 0,
  excludedBytes: 0,
  duplicatePackets,
  duplicateBytes: duplicatePackets * 100,
});

test('raw is what came, processed what was dissected, both since the report before', () => {
  const reporter = new LiveReporter();
  const none = { connections: 0, oneWay: 0 };
  reporter.report([{ stats: stats(0), counts: counts(1000, 500) }], none, 10_000);
  const { sources } = reporter.report([{ stats: stats(50), counts: counts(1950, 1000) }], none, 20_000);
  const { rawBitsPerSecond, processedBitsPerSecond, packetsPerSecond, dropShare, duplicates } = sources[0]!;
  assert.deepEqual([rawBitsPerSecond, processedBitsPerSecond], [76_000, 36_000]);
  assert.deepEqual([packetsPerSecond, dropShare, duplicates], [95, 0.05, 1000]);
});

const tcp = (history: string, orig_pkts: number, resp_pkts: number): Conn => ({
  kind: 'conn',
  ts: 0,
  uid: 'C1',
  source_ip: '10.0.0.1',
  source_port: 1,
  dest_ip: '10.0.0.2',
  dest_port: 2,
  proto: 'tcp',
  conn_state: 'OTH',
  missed_bytes: 0,
  history,
  orig_pkts,
  resp_pkts,
});

test('a connection is one-way if half of it is missing, but not if nobody answered', () => {
  const counter = new OneWayCounter();
  const seen = [tcp('ShADadFf', 4, 4), tcp('SADF', 5, 0), tcp('had', 0, 3), tcp('S', 2, 0)];
  for (const record of [...seen, { ...tcp('D', 1, 0), proto: 'udp' }]) counter.take(record);
  assert.deepEqual(counter.share, { connections: 3, oneWay: 2 });
});
