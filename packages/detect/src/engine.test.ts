import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, type LogRecord, MINUTE, ThymusError } from '@thymus/core';
import { Detector } from './engine.ts';
import { EXAMPLES } from './fixtures/examples.ts';
import {
  conn,
  DESK,
  dns,
  OUTSIDE,
  options,
  quietDays,
  SERVER,
  START,
  silent,
  times,
} from './fixtures/records.ts';
import type { Model } from './model.ts';
import { networkScan } from './models/device/network-scan.ts';
import { MODELS } from './models/index.ts';

const byTime = (a: LogRecord, b: LogRecord): number => a.ts - b.ts;

/** Two weeks of the desk with every example laid over the last day. */
const mixed = (): LogRecord[] =>
  [
    ...quietDays(28),
    ...Object.values(EXAMPLES).flatMap((list) => list.filter((r) => r.ts >= START + 28 * DAY)),
  ].sort(byTime);

const scan = times(40, (i) => silent(START + i * 100, DESK, `10.0.2.${i + 1}`, 445));

test('a run that was saved and restored in the middle gives what the whole run gives', () => {
  const records = mixed();
  const whole = new Detector(options());
  let parts = new Detector(options());
  const [one, two] = [[] as unknown[], [] as unknown[]];
  records.forEach((record, i) => {
    assert.deepEqual(whole.observe(record, 's'), parts.observe(record, 's'));
    if (i % 500 !== 499) return;
    whole.advance(record.ts, 's');
    parts.advance(record.ts, 's');
    one.push(whole.drain());
    two.push(parts.drain());
    parts = new Detector(options(), parts.snapshot());
  });
  one.push(whole.drain());
  two.push(parts.drain());
  assert.deepEqual(two, one);
  assert.deepEqual(parts.snapshot(), whole.snapshot());
});

test('the same records give the same breaches with the same keys', () => {
  const records = mixed();
  const keysOf = (): string[] => {
    const detector = new Detector(options());
    for (const record of records) detector.observe(record, 's');
    return detector.drain().breaches.map((b) => b.key);
  };
  const keys = keysOf();
  assert.ok(keys.length >= 10);
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(keysOf(), keys);
});

test('a snapshot that is damaged is refused with the reason', () => {
  const detector = new Detector(options());
  for (const record of scan) detector.observe(record, 's');
  const snapshot = detector.snapshot();
  for (const bad of [snapshot.subarray(0, 100), new Uint8Array(0), new Uint8Array([1, 2, 3, 4, 5])]) {
    assert.throws(
      () => new Detector(options(), bad),
      (e) => e instanceof ThymusError && e.code === 'BAD_FILE',
    );
  }
});

test('models that ask for what does not exist are refused', () => {
  const component = networkScan.components[0]!;
  const faulty: Model[] = [
    { ...networkScan, components: [{ ...component, metric: 'bandwidth' }] },
    {
      ...networkScan,
      components: [{ ...component, filters: [{ type: 'device.ip', comparator: 'is', value: 'x' }] }],
    },
    { ...networkScan, components: [{ ...component, logic: 'A AND' }] },
    { ...networkScan, components: [{ ...component, logic: 'A AND Z' }] },
    {
      ...networkScan,
      components: [{ ...component, filters: [{ type: 'Direction', comparator: '>', value: 'x' }] }],
    },
  ];
  for (const model of faulty) {
    assert.throws(
      () => new Detector(options([model])),
      (e) => e instanceof ThymusError && e.code === 'BAD_INPUT',
    );
  }
});

test('an unknown time zone is refused', () => {
  assert.throws(
    () => new Detector({ ...options(), timeZone: 'Mars/Olympus' }),
    (e) => e instanceof ThymusError && e.code === 'BAD_CONFIG',
  );
});

test('records behind their own source are counted but raise nothing', () => {
  const detector = new Detector(options());
  detector.observe(conn(START + DAY, DESK, SERVER, 445), 'a');
  detector.advance(START + DAY, 'a');
  for (const record of scan) detector.observe(record, 'a');
  const { breaches, devices } = detector.drain();
  assert.equal(breaches.length, 0);
  assert.equal(devices.length, 2);
});

test('records behind other sources raise breaches that are marked as delayed', () => {
  const detector = new Detector(options());
  detector.observe(conn(START + DAY, DESK, SERVER, 445), 'a');
  detector.advance(START + DAY, 'a');
  for (const record of scan) detector.observe(record, 'b');
  const { breaches } = detector.drain();
  assert.equal(breaches[0]?.model.name, 'Device::Network Scan');
  assert.equal(breaches[0]?.delayed, true);
});

test('numbers of devices and subnets start where the options say', () => {
  const detector = new Detector({ ...options(), firstId: 1001 });
  assert.equal(detector.observe(conn(START, DESK, SERVER, 445), 's').source_did, 1001);
  const { devices, subnets } = detector.drain();
  assert.deepEqual(
    devices.map((d) => d.did),
    [1001, 1002],
  );
  assert.deepEqual(
    subnets.map((s) => [s.sid, s.network, s.devices]),
    [
      [1001, '10.0.1.0/24', 1],
      [1002, '10.0.0.0/24', 1],
    ],
  );
});

test('records are enriched with the devices at their ends and the facts about the outer one', () => {
  const detector = new Detector(options());
  const outward = detector.observe(conn(START, DESK, OUTSIDE, 443), 's');
  assert.deepEqual(outward, { source_did: 1, dest_did: 0, country: 'ZZ', asn: 64_500 });
  const inward = detector.observe(conn(START, OUTSIDE, SERVER, 443), 's');
  assert.deepEqual(inward, { source_did: 0, dest_did: 2, country: 'ZZ', asn: 64_500 });
  const weird: LogRecord = {
    kind: 'weird',
    ts: START,
    name: 'x',
    notice: false,
    source_ip: DESK,
    dest_ip: SERVER,
  };
  assert.deepEqual(detector.observe(weird, 's'), { source_did: 1, dest_did: 2, country: '', asn: 0 });
});

test('a record without a time is passed over', () => {
  const detector = new Detector(options());
  const nobody = { source_did: 0, dest_did: 0, country: '', asn: 0 };
  assert.deepEqual(detector.observe(conn(Number.NaN, DESK, SERVER, 445), 's'), nobody);
  detector.advance(Number.NaN, 's');
  assert.equal(detector.drain().devices.length, 0);
});

test('a model fires once per throttle and device, and weighs less each time', () => {
  const records = times(3, (day) =>
    times(20, (i) => silent(START + day * DAY + i * 100, DESK, `10.${day}.2.${i + 1}`, 445)),
  ).flat();
  const detector = new Detector(options([networkScan]));
  for (const record of records) detector.observe(record, 's');
  const scores = detector.drain().breaches.map((b) => b.score);
  assert.equal(scores.length, 3);
  assert.ok(scores[0]! > scores[1]! && scores[1]! > scores[2]!);
});

test('a model that breaches on many devices of the network is suppressed, but recorded', () => {
  const detector = new Detector(options([networkScan]));
  for (let host = 1; host <= 8; host++) {
    for (const { ts, dest_ip } of scan) detector.observe(silent(ts, `10.0.9.${host}`, dest_ip, 445), 's');
  }
  assert.deepEqual(
    detector.drain().breaches.map((b) => b.suppressed),
    [false, false, false, false, false, true, true, true],
  );
});

test('in the first days only direct models are more than Informational', () => {
  const beacon = times(30, (i) => conn(START + i * MINUTE, DESK, OUTSIDE, 443));
  const detector = new Detector(options());
  for (const record of [...scan, ...beacon].sort(byTime)) detector.observe(record, 's');
  const categories = new Map(detector.drain().breaches.map((b) => [b.model.name, b.category]));
  assert.equal(categories.get('Device::Network Scan'), 'Suspicious');
  assert.equal(categories.get('Compromise::Beaconing Activity To External Rare'), 'Informational');
});

test('an open breach raises the score of its device, and a day halves it', () => {
  const detector = new Detector(options([networkScan]));
  for (const record of scan) detector.observe(record, 's');
  const [before] = detector.drain().devices.filter((d) => d.did === 1);
  detector.observe(conn(START + DAY, DESK, SERVER, 443), 's');
  const [after] = detector.drain().devices.filter((d) => d.did === 1);
  assert.ok(before!.score > 0.3);
  assert.ok(Math.abs(after!.score - before!.score / 2) < 0.01);
});

test('hours of silent devices close by the clock of their source', () => {
  const detector = new Detector(options());
  for (const record of quietDays(1)) detector.observe(record, 's');
  const before = detector.drain().metrics.length;
  detector.advance(START + DAY + HOUR, 'another');
  assert.equal(detector.drain().metrics.length, 0);
  detector.advance(START + DAY + HOUR, 's');
  const { metrics } = detector.drain();
  assert.ok(before > 0 && metrics.length > 0);
  for (const metric of metrics) {
    assert.ok(metric.low <= metric.median && metric.median <= metric.high);
    assert.ok(metric.surprise >= 0);
  }
});

test('totals of open connections count once', () => {
  const upload: Model = {
    ...MODELS.find((m) => m.name === 'Anomalous Connection::Data Sent to Rare Domain')!,
    throttle: 0,
  };
  const detector = new Detector(options([upload]));
  const whole = conn(START, DESK, OUTSIDE, 443, { orig_bytes: 9_000_000, duration: 200_000 });
  for (const done of [0.4, 0.7]) {
    const part = { ...whole, duration: whole.duration! * done, orig_bytes: whole.orig_bytes! * done };
    detector.observe({ ...part, kind: 'conn_update' }, 's');
  }
  detector.observe(whole, 's');
  assert.equal(detector.drain().breaches.length, 0);
  detector.observe(conn(START + 300_000, DESK, OUTSIDE, 443, { orig_bytes: 2_000_000 }), 's');
  const [breach] = detector.drain().breaches;
  assert.equal(breach?.components[0]?.size, 11_000_000);
});

test('names of addresses come from answers to lookups', () => {
  const upload = MODELS.filter((m) => m.name === 'Anomalous Connection::Data Sent to Rare Domain');
  const detector = new Detector(options(upload));
  detector.observe(dns(START, DESK, 'Drop.Example.ORG', { answers: ['cdn.example.net', OUTSIDE] }), 's');
  detector.observe(conn(START + 100, DESK, OUTSIDE, 443, { orig_bytes: 30_000_000 }), 's');
  assert.equal(detector.drain().breaches[0]?.components[0]?.evidence.endpoint, 'drop.example.org');
});
