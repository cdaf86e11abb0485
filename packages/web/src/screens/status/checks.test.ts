import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksOf } from './checks.ts';

const GOOD = { diskUtilization: 20, memoryUsed: 40, load: 10, dataQueue: 0, sources: [] };
const find = (checks: ReturnType<typeof checksOf>, name: string) => checks.find((c) => c.name === name);

test('an appliance without any source says how to get one', () => {
  const source = find(checksOf(GOOD, [], 10), 'Sources');
  assert.equal(source?.health, 'Warning');
  assert.match(source?.advice ?? '', /thymus ingest/);
  assert.match(source?.text ?? '', /since this start/);
  assert.match(find(checksOf(GOOD, [], 0), 'Sources')?.text ?? '', /come in yet/);
});

test('the worst comes first, and each limit has its advice', () => {
  const checks = checksOf(
    { ...GOOD, diskUtilization: 91, memoryUsed: 86, dataQueue: 2_000_000 },
    [{ name: 'eth1', state: 'ok' }],
    2.34,
  );
  assert.deepEqual(
    checks.map((c) => [c.name, c.health]),
    [
      ['Disk', 'Error'],
      ['Learning queue', 'Warning'],
      ['Memory', 'Warning'],
      ['eth1', 'OK'],
      ['Learning', 'OK'],
    ],
  );
  assert.ok(checks.slice(0, 3).every((c) => c.advice));
  assert.match(find(checks, 'Learning')?.advice ?? '', /seven days/);
});

test('a source tells its own words and its newest record', () => {
  const sources = [
    { name: 'eth1', state: 'error', mostRecentTraffic: '2026-11-21 03:12:00', message: 'tcpdump ended' },
  ];
  const check = find(checksOf({ ...GOOD, sources }, [], 10), 'eth1');
  assert.deepEqual(
    [check?.health, check?.text],
    ['Error', 'tcpdump ended; newest record 2026-11-21 03:12:00'],
  );
  const odd = find(
    checksOf({ ...GOOD, sources: [{ name: 'x', state: 'strange', mostRecentTraffic: '' }] }, [], 10),
    'x',
  );
  assert.deepEqual([odd?.health, odd?.text], ['Warning', 'strange']);
});
