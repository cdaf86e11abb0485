import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE, Random } from '@thymus/core';
import { newRecent } from '../state/recent.ts';
import { beaconScore } from './beacon.ts';
import { activeHours, noteBytes, noteContact, type Pair, pairOf } from './pairs.ts';
import { ALARM, emptyScan, isFirstContact, step, walkOver } from './scan.ts';
import { RarityTable, rarityOf } from './table.ts';
import { type Channel, entropyOf, leak } from './tunnel.ts';

test('rarity is 100 for nobody else, 0 for one device in twenty, and small networks are judged as one of 100', () => {
  assert.equal(rarityOf(0, 1000), 100);
  assert.ok(Math.abs(rarityOf(1, 1000) - 82) < 1);
  assert.equal(rarityOf(50, 1000), 0);
  assert.equal(rarityOf(1, 3), rarityOf(1, 100));
  assert.ok(rarityOf(1, 3) > 50 && rarityOf(1, 3) < 95);
});

test('users of a value are counted without the one that asks, and forgotten after 30 days', () => {
  const table = new RarityTable(100);
  for (const did of [1, 2, 2, 3]) table.note('a', did, 1000);
  assert.equal(table.others('a', 2, 2000), 2);
  assert.equal(table.others('a', 9, 2000), 3);
  assert.equal(table.firstUse('a'), 1000);
  assert.equal(table.others('a', 9, 31 * DAY), 0);
  table.note('a', 9, 40 * DAY);
  assert.equal(table.firstUse('a'), 40 * DAY);
});

test('a full table keeps what many use', () => {
  const table = new RarityTable(50);
  for (let did = 1; did <= 10; did++) table.note('common', did, 0);
  for (let i = 0; i < 1000; i++) table.note(`rare${i}`, 1, i);
  assert.ok(table.state.size <= 50);
  assert.equal(table.others('common', 99, 1000), 10);
});

function series(intervals: readonly number[], size: () => number): Pair {
  const pair = pairOf(newRecent(), 'x', 0);
  let ts = 0;
  for (const interval of intervals) {
    ts += interval;
    noteContact(pair, ts, true);
    noteBytes(pair, size(), 100, size());
  }
  return pair;
}

test('machines score high on regularity, also with jitter and missed calls, and people low', () => {
  const random = new Random(3);
  const equal = (): number => 500;
  const exact = Array.from({ length: 60 }, () => MINUTE);
  const jitter = exact.map((i) => i * (0.8 + 0.4 * random.next()));
  const missed = exact.map((i) => (random.chance(0.3) ? 2 * i : i));
  const people = exact.map(() => random.exponential(MINUTE));
  assert.equal(beaconScore(series(exact, equal)), 100);
  assert.ok(beaconScore(series(jitter, equal)) > 70);
  assert.ok(beaconScore(series(missed, equal)) > 90);
  assert.ok(beaconScore(series(people, () => random.logNormal(800, 1))) < 40);
  assert.equal(beaconScore(series(exact.slice(0, 8), equal)), 0);
});

test('a pair knows the hours in which there was contact', () => {
  const pair = series([0, 10, HOUR, 5 * HOUR, 400 * HOUR], () => 1);
  assert.equal(activeHours(pair), 3);
  assert.equal(pair.count, 5);
});

const outcomes = { success: 0, all: 0 };

test('a scanner is found after a dozen failures, a user with some dead links is not', () => {
  const scan = emptyScan();
  let n = 0;
  while (!step(scan.hosts, false, outcomes)) n++;
  assert.ok(n >= 5 && n <= 12, `${n}`);
  const user = emptyScan();
  for (let i = 0; i < 100; i++) assert.equal(step(user.hosts, i % 4 !== 0, outcomes), false);
});

test('where most first contacts fail anyway, failures prove little', () => {
  const scan = emptyScan();
  const blind = { success: 100, all: 10_000 };
  for (let i = 0; i < 8; i++) step(scan.hosts, false, blind);
  assert.ok(scan.hosts.evidence < ALARM);
});

test('first contacts are remembered, and so are the walks over ports of some hosts', () => {
  const scan = emptyScan();
  assert.equal(isFirstContact(scan, 'a'), true);
  assert.equal(isFirstContact(scan, 'a'), false);
  for (let i = 0; i < 5000; i++) isFirstContact(scan, `h${i}`);
  assert.ok(scan.targets.young.size + scan.targets.old.size <= 4096);
  for (let i = 0; i < 100; i++) walkOver(scan, `h${i}`);
  assert.equal(scan.ports.size, 32);
});

test('information in names counts once per name and window, and block lists not at all', () => {
  const channels = new Map<string, Channel>();
  const name = 'a9f3kq7zt2.t.example.net';
  assert.ok(leak(channels, name, 'example.net', 0).bits > 20);
  assert.equal(leak(channels, name, 'example.net', 1000).bits, 0);
  assert.ok(leak(channels, name, 'example.net', 11 * MINUTE).bits > 20);
  assert.equal(leak(channels, 'example.net', 'example.net', 0).bits, 0);
  assert.equal(leak(channels, '1.2.3.4.zen.lists.example', 'lists.example', 0).bits, 0);
  for (let i = 0; i < 50; i++) leak(channels, `x.d${i}.com`, `d${i}.com`, 0);
  assert.equal(channels.size, 16);
});

test('entropy is 0 for one letter and 1 bit for two', () => {
  assert.equal(entropyOf('aaaa'), 0);
  assert.equal(entropyOf('abab'), 1);
});
