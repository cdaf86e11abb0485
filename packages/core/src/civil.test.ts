import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  civilDate,
  DAY,
  fromCivil,
  HOUR,
  hourOfDay,
  isoText,
  isWeekend,
  midnight,
  toCivil,
  utcText,
  weekday,
} from './civil.ts';

test('dates, hours and weekdays agree with the calendar, also before the epoch', () => {
  for (let ts = Date.UTC(1899, 10, 3); ts < Date.UTC(2101, 0, 1); ts += 57 * DAY + 5 * HOUR) {
    const date = new Date(ts);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    assert.deepEqual(civilDate(ts), { year, month, day });
    assert.equal(weekday(ts), (date.getUTCDay() + 6) % 7);
    assert.equal(isWeekend(ts), [0, 6].includes(date.getUTCDay()));
    assert.equal(midnight(ts), Date.UTC(year, month - 1, day));
    assert.equal(hourOfDay(ts + 1_800_000), date.getUTCHours() + 0.5);
  }
});

test('a time comes back from its parts', () => {
  for (const ts of [0, -1000, Date.UTC(2000, 1, 29, 23, 59, 59, 250), Date.UTC(2100, 1, 28, 1, 2, 3)])
    assert.equal(fromCivil(toCivil(ts)), ts);
});

test('a time that no calendar has is refused', () => {
  const time = { year: 2025, month: 6, day: 1, hour: 12, minute: 0, second: 0 };
  const wrong = [
    { month: 0 },
    { month: 13 },
    { day: 0 },
    { day: 31 },
    { month: 2, day: 29 },
    { year: 2100, month: 2, day: 29 },
    { hour: 24 },
    { minute: 60 },
    { second: 61 },
    { day: Number.NaN },
  ];
  for (const parts of wrong) assert.equal(fromCivil({ ...time, ...parts }), undefined, JSON.stringify(parts));
  assert.equal(fromCivil({ ...time, year: 2024, month: 2, day: 29 }), Date.UTC(2024, 1, 29, 12));
  assert.equal(fromCivil({ ...time, second: 60 }), Date.UTC(2025, 5, 1, 12, 1));
});

test('times are written in UTC', () => {
  assert.equal(utcText(0), '1970-01-01 00:00:00');
  assert.equal(utcText(951_782_399_000), '2000-02-28 23:59:59');
  assert.equal(isoText(1_748_779_200_123.4), '2025-06-01T12:00:00.123Z');
  assert.equal(utcText(-1000), '1969-12-31 23:59:59');
});
