import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, type LogRecord, MINUTE } from '@thymus/core';
import { conn, quietDays, run, START, times } from '../../fixtures/records.ts';
import { externalDataTransfer } from './external-data-transfer.ts';

const desk = (i: number): string => `10.0.1.${20 + i}`;
const T = START + 18 * DAY + 10 * HOUR;
const RARE = '192.0.2.77';
const SHARED = '198.51.100.7';
const upload = (ts: number, i: number, dest: string, bytes: number): LogRecord =>
  conn(ts, desk(i), dest, 443, { orig_bytes: bytes, resp_bytes: 1000 });

/** Seven desks for 18 days; all but the first send 30 to 60 MB each Tuesday to a place of their own. */
const office = times(7, (i) => [
  ...quietDays(18, desk(i)),
  ...(i === 0 ? [] : [1, 8, 15]).map((day) =>
    upload(START + day * DAY + (9 + i) * HOUR, i, `192.0.2.${i}`, (25 + 5 * i) * 1e6),
  ),
]).sort((a, b) => a.ts - b.ts);

const breaches = (...records: LogRecord[]) => run([...office, ...records], [externalDataTransfer]).breaches;

test('an upload such as others make now and then is nothing, though the device never did', () => {
  assert.deepEqual(breaches(upload(T, 0, RARE, 45e6)), []);
});

test('an upload several times as large as any of its peers is', () => {
  const [breach, ...others] = breaches(upload(T, 0, RARE, 900e6));
  assert.deepEqual(others, []);
  const shown = new Map(breach!.components[0]!.filters.map(({ filter, value }) => [filter.type, value]));
  assert.ok(Number(shown.get('Peer ratio')) > 10);
  assert.equal(shown.get('Rare external endpoint'), 100);
});

test('parts of an upload add up', () => {
  const parts = times(6, (i) => upload(T + i * 5 * MINUTE, 0, RARE, 90e6));
  assert.equal(breaches(...parts).length, 1);
});

test('a place that everybody uses may be sent as much as one likes', () => {
  assert.deepEqual(breaches(upload(T, 0, SHARED, 900e6)), []);
});
