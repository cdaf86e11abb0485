import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conn, DESK, dns, SERVER } from '../fixtures/records.ts';
import { HOUR, hourOfDay, isWeekend, localHour, offsetsOf, weekday } from './civil.ts';
import { Watermarks } from './watermarks.ts';

const hourAt = (text: string): number => localHour(Date.parse(text), 0);

test('hours and weekdays agree with the calendar, also before the epoch', () => {
  for (const text of ['2024-02-29T13:00Z', '1970-01-01T00:00Z', '1969-12-31T23:00Z', '2026-11-21T05:00Z']) {
    const date = new Date(text);
    assert.equal(hourOfDay(hourAt(text)), date.getUTCHours(), text);
    assert.equal(weekday(hourAt(text)), (date.getUTCDay() + 6) % 7, text);
  }
  assert.equal(isWeekend(hourAt('2024-01-06T10:00Z')), true);
  assert.equal(isWeekend(hourAt('2024-01-08T10:00Z')), false);
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
