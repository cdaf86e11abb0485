import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hourOfDay, isWeekend, type LogRecord } from '@thymus/core';
import { isPatchDay } from './habits/machines.ts';
import { demoEstate } from './index.ts';

const END = Date.UTC(2026, 10, 21, 12);
const request = { seed: 1, devices: 30, days: 7, end: END };
const loggedAt = (r: LogRecord) => (r.kind === 'conn' ? r.ts + (r.duration ?? 0) : r.ts);

test('patches are rolled out on the second Tuesday of a month', () => {
  assert.ok(isPatchDay(Date.UTC(2026, 10, 10)));
  for (const day of [3, 9, 11, 17]) assert.ok(!isPatchDay(Date.UTC(2026, 10, day)));
});

test('the same seed gives the same records and truth, another seed others', () => {
  const summary = (seed: number) => {
    const { records, truth } = demoEstate({ ...request, seed });
    let [count, sum] = [0, 0];
    for (const record of records) {
      count++;
      sum += record.ts % 1_000_003;
    }
    return { count, sum, attackers: truth.attacks.map(({ attacker }) => attacker.hostname) };
  };
  assert.deepEqual(summary(1), summary(1));
  assert.notDeepEqual(summary(1), summary(2));
});

test('records come in the order of logging, within the time, with uids of their own', () => {
  const { records, truth } = demoEstate(request);
  let last = 0;
  const uids = new Set<string>();
  let connections = 0;
  for (const record of records) {
    assert.ok(loggedAt(record) >= last);
    last = loggedAt(record);
    assert.ok(record.ts >= truth.start - 60_000 && last < truth.end);
    if (record.kind !== 'conn') continue;
    connections++;
    uids.add(record.uid);
  }
  assert.ok(connections - uids.size <= connections / 10_000);
});

test('people work by day and on weekdays, backups run at night', () => {
  let [byDay, byNight, weekend, night] = [0, 0, 0, 0];
  for (const record of demoEstate(request).records) {
    if (record.kind === 'ssl' && record.server_name?.startsWith('www.')) {
      if (isWeekend(record.ts)) weekend++;
      else if (hourOfDay(record.ts) > 7 && hourOfDay(record.ts) < 19) byDay++;
      else byNight++;
    }
    if (record.kind === 'conn' && record.dest_port === 10_051) {
      assert.equal(Math.floor(hourOfDay(record.ts)), 1);
      night += record.orig_bytes ?? 0;
    }
  }
  assert.ok(byDay > 20 * (byNight + weekend));
  assert.ok(night > 10e9);
});

test('each attack leaves what its truth says, within its time', () => {
  const { records, truth } = demoEstate(request);
  const [scan, beacon, exfiltration] = truth.attacks;
  const targets = new Set<string>();
  let [beacons, uploaded] = [0, 0];
  for (const r of records) {
    if (r.kind === 'ssl' && r.server_name === beacon!.endpoint) {
      beacons++;
      assert.ok(r.ts >= beacon!.from);
    }
    if (r.kind !== 'conn') continue;
    if (r.orig_l2_addr === scan!.attacker.mac && r.ts >= scan!.from && r.ts <= scan!.to)
      targets.add(r.dest_ip);
    if (r.orig_l2_addr === exfiltration!.attacker.mac && r.dest_ip.startsWith('198.51.100.'))
      uploaded += r.orig_bytes ?? 0;
  }
  assert.ok(targets.size > 700);
  assert.ok(beacons > 100);
  assert.ok(uploaded > 1e9);
  assert.equal(new Set(truth.attacks.map(({ attacker }) => attacker.mac)).size, 3);
});

test('attacks lie on working days after the estate has been learned', () => {
  for (let end = END; end < END + 7 * 86_400_000; end += 5 * 3_600_000) {
    const { truth } = demoEstate({ ...request, days: 14, end });
    for (const { from, to } of truth.attacks) {
      assert.ok(!isWeekend(from));
      assert.ok(from - truth.start > 7 * 86_400_000);
      assert.ok(to <= truth.end);
    }
  }
});

test('a scan tries each address once, and whoever has it then answers', () => {
  // Seeds by which laptops have moved before they are scanned.
  for (const seed of [3, 8]) {
    const { records, truth } = demoEstate({ seed, devices: 30, days: 9, end: Date.UTC(2026, 2, 13, 16) });
    const [scan] = truth.attacks;
    const leased = new Map<string, string>();
    const moved = new Set<string>();
    const answers = new Map<string, string | undefined>();
    for (const record of records) {
      if (record.ts > scan!.to) break;
      if (record.kind === 'dhcp' && record.mac && record.assigned_addr) {
        const before = leased.get(record.mac);
        if (before !== undefined && before !== record.assigned_addr) moved.add(record.mac);
        leased.set(record.mac, record.assigned_addr);
      }
      const isProbe = record.kind === 'conn' && record.conn_state !== 'SF' && record.ts >= scan!.from;
      if (!isProbe || record.orig_l2_addr !== scan!.attacker.mac) continue;
      assert.ok(!answers.has(record.dest_ip), `seed ${seed}: ${record.dest_ip} was tried twice`);
      answers.set(record.dest_ip, record.resp_pkts ? record.resp_l2_addr : undefined);
    }
    assert.ok(moved.size > 0);
    leased.delete(scan!.attacker.mac);
    for (const [mac, ip] of leased) assert.equal(answers.get(ip), mac, `seed ${seed}: ${ip}`);
  }
});
