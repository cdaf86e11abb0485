import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '@thymus/core';
import { conn, DESK, dns, SERVER } from '../fixtures/records.ts';
import { Watermarks } from './watermarks.ts';
import { localHour, offsetsOf } from './zone.ts';

test('local hours begin at midnight of the zone', () => {
  assert.equal(localHour(0, 0), 0);
  assert.equal(localHour(-1, 0), -1);
  assert.equal(localHour(23 * HOUR, HOUR) % 24, 0);
});

test('offsets of a time zone follow daylight saving time', () => {
  const berlin = offsetsOf('Europe/Berlin');
  assert.equal(berlin(Date.parse('2024-01-15T12:00Z')), HOUR);
  assert.equal(berlin(Date.parse('2024-07-15T12:00Z')), 2 * HOUR);
  assert.equal(offsetsOf('America/St_Johns')(Date.parse('2024-01-15T12:00Z')), -3.5 * HOUR);
  assert.equal(offsetsOf('UTC')(0), 0);
  assert.equal(offsetsOf('Europe/London')(Date.parse('2024-01-15T12:00Z')), 0);
});

test('a connection is known at its end, but not before its source has come there', () => {
  const marks = new Watermarks();
  const long = conn(1000, DESK, SERVER, 443, { duration: 5000 });
  assert.equal(marks.timeOf(long, 'a'), 1000);
  marks.timeOf(dns(4000, DESK, 'x.example'), 'a');
  assert.equal(marks.timeOf(long, 'a'), 4000);
  assert.equal(marks.timeOf(long, 'b'), 1000);
  assert.equal(marks.timeOf({ ...long, duration: undefined }, 'a'), 1000);
});

test('late is what lies ten minutes behind its own source, delayed what lies behind others', () => {
  const marks = new Watermarks();
  assert.equal(marks.advance(10 * HOUR, 'a'), true);
  assert.equal(marks.advance(10 * HOUR + 1000, 'a'), false);
  assert.equal(marks.isLate(10 * HOUR - 300_000, 'a'), false);
  assert.equal(marks.isLate(9 * HOUR, 'a'), true);
  assert.equal(marks.isLate(9 * HOUR, 'b'), false);
  assert.equal(marks.isDelayed(9 * HOUR), true);
  assert.deepEqual(new Watermarks(marks.state).state, marks.state);
});
