import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Field, type LogRecord, Random, RECORDS } from '@thymus/core';
import { Detector } from './engine.ts';
import { DESK, OUTSIDE, options, SERVER, START } from './fixtures/records.ts';

const NUMBERS = [0, 1, -1, 53, 445, 65_535, 1e9, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY];
const TEXTS = [
  '',
  '-',
  'x'.repeat(5000),
  '\u0000\uffff',
  '*.(((',
  '__proto__',
  'constructor',
  'A$/B',
  'a.b.c.example',
  '..',
  '10.0.0.1',
  'svcctl',
];
const ADDRESSES = [
  DESK,
  SERVER,
  OUTSIDE,
  '',
  '::',
  'fe80::1',
  '255.255.255.255',
  '224.0.0.1',
  'none',
  '999.1.1.1',
];

function valueFor(field: Field, random: Random): unknown {
  switch (field.type) {
    case 'addr':
      return random.pick(ADDRESSES);
    case 'bool':
      return random.chance(0.5);
    case 'strings':
      return [random.pick(TEXTS), random.pick(ADDRESSES)];
    case 'intervals':
      return [random.pick(NUMBERS)];
    case 'string':
    case 'category':
      return random.pick(TEXTS);
    default:
      return random.pick(NUMBERS);
  }
}

function garbage(random: Random): LogRecord {
  const { kind, fields } = random.pick(RECORDS);
  const record: Record<string, unknown> = { kind };
  for (const [name, field] of Object.entries<Field>(fields)) {
    if (!field.optional || random.chance(0.7)) record[name] = valueFor(field, random);
  }
  record['ts'] = random.chance(0.05) ? random.pick(NUMBERS) : START + random.integer(0, 1e9);
  return record as unknown as LogRecord;
}

test('whatever records say, nothing throws, nothing becomes NaN, and the state can be saved', () => {
  const random = new Random(11);
  let detector = new Detector(options());
  for (let i = 0; i < 20_000; i++) {
    detector.observe(garbage(random), random.pick(['a', 'b']));
    if (i % 1000 !== 999) continue;
    detector.advance(random.pick([...NUMBERS, START + i * 1e5]), random.pick(['a', 'b']));
    const { breaches, metrics, devices } = detector.drain();
    for (const b of breaches) assert.ok(b.score >= 0.05 && b.score <= 1 && Number.isFinite(b.time), b.key);
    for (const m of metrics) {
      assert.ok(Number.isFinite(m.value) && m.value >= 0 && m.low <= m.high && m.surprise >= 0, m.name);
    }
    for (const d of devices) assert.ok(d.did > 0 && Number.isFinite(d.lastSeen) && d.score <= 1);
    detector = new Detector(options(), detector.snapshot());
  }
});
