import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordKind } from '@thymus/core';
import { loadApplianceConfig } from './config.ts';
import { diskUsedPercent, keepWithinBounds } from './retention.ts';

const TODAY = 20_000;
const NOW = TODAY * 86_400_000 + 3_600_000;
const config = loadApplianceConfig({
  flags: { retention_days: 30, metric_retention_days: 90, disk_limit_percent: 80 },
});

function lakeWith(usage: [RecordKind, number, number][]) {
  const dropped: [RecordKind, number][] = [];
  return {
    dropped,
    usage: async () => usage.map(([kind, storedDay, bytes]) => ({ kind, storedDay, bytes, rows: 1 })),
    dropStoredBefore: async (kind: RecordKind, day: number) => void dropped.push([kind, day]),
  };
}

test('records go after their days, metrics later, everything else stays', async () => {
  const lake = lakeWith([
    ['conn', TODAY - 31, 10],
    ['conn', TODAY, 10],
    ['dns', TODAY - 30, 10],
    ['metric', TODAY - 60, 10],
    ['metric', TODAY - 91, 10],
  ]);
  await keepWithinBounds(lake, config, 10, NOW);
  assert.deepEqual(lake.dropped, [
    ['conn', TODAY - 30],
    ['metric', TODAY - 90],
  ]);
});

test('a full disk costs the oldest day of the largest kind, and never today', async () => {
  const full = lakeWith([
    ['dns', TODAY - 9, 5],
    ['conn', TODAY - 3, 10],
    ['conn', TODAY, 10],
  ]);
  assert.deepEqual(await keepWithinBounds(full, config, 81, NOW), [{ kind: 'conn', before: TODAY - 2 }]);
  const fresh = lakeWith([['conn', TODAY, 10]]);
  assert.deepEqual(await keepWithinBounds(fresh, config, 99, NOW), []);
  assert.deepEqual(await keepWithinBounds(lakeWith([]), config, 99, NOW), []);
});

test('the used share of a disk is a percentage', () => {
  const used = diskUsedPercent('/');
  assert.ok(used >= 0 && used <= 100);
});
