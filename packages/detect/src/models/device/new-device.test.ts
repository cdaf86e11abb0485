import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, type LogRecord, MINUTE } from '@thymus/core';
import { Detector } from '../../engine.ts';
import { conn, dhcp, dns, kerberos, OUTSIDE, options, SERVER, START, times } from '../../fixtures/records.ts';
import { newDevice } from './new-device.ts';

const card = (i: number): string => `aa:bb:cc:00:00:${String(i).padStart(2, '0')}`;
const ROUTER = 'aa:bb:cc:00:00:ff';
const from = (ts: number, ip: string, mac: string): LogRecord =>
  conn(ts, ip, OUTSIDE, 443, { orig_l2_addr: mac, resp_l2_addr: ROUTER });

/** Ten devices from the first hour on, every four hours for a week; each takes another address every day. */
const office = times(42, (slot) => START + slot * 4 * HOUR).flatMap((ts, slot) =>
  times(10, (i) => {
    const ip = `10.0.1.${20 + 10 * Math.floor(slot / 6) + i}`;
    const at = ts + i * MINUTE;
    // Every third one speaks before its lease is logged.
    const says = i % 3 === 0 ? [dns(at - 1000, ip, 'www.example.com')] : [];
    return [...says, dhcp(at, card(i), ip, { host_name: `ws-${i}` }), from(at + 1000, ip, card(i))];
  }).flat(),
);

function breaches(...records: LogRecord[]) {
  const detector = new Detector(options([newDevice]));
  for (const record of records.sort((a, b) => a.ts - b.ts)) detector.observe(record, 's');
  const output = detector.drain();
  const addresses = new Map(output.devices.map(({ did, ips }) => [did, ips[0]?.ip]));
  return output.breaches.map((b) => addresses.get(b.did));
}

test('devices that are there from the beginning are not new, whatever addresses they take', () => {
  assert.deepEqual(breaches(...office), []);
});

test('a card that nobody knows is reported once, at once', () => {
  const rogue = times(9, (i) => from(START + 5 * DAY + i * HOUR, '10.0.1.250', 'be:bb:bb:00:00:01'));
  assert.deepEqual(breaches(...office, ...rogue), ['10.0.1.250']);
  assert.deepEqual(breaches(...office.filter(({ ts }) => ts < rogue[0]!.ts), rogue[0]!), ['10.0.1.250']);
});

test('an address without card or name is reported when it has had the time to show one', () => {
  const words = [0, 6, 12].map((m) => dns(START + 5 * DAY + m * MINUTE, '10.0.1.250', 'www.example.com'));
  assert.deepEqual(breaches(...office, ...words), ['10.0.1.250']);
  const until = (ms: number) => office.filter(({ ts }) => ts < START + 5 * DAY + ms);
  assert.deepEqual(breaches(...until(0), ...words.slice(0, 1)), []);
});

test('where no cards are seen, a machine that Kerberos names at its new address is not new', () => {
  const days = times(6, (i) => START + i * DAY).flatMap((ts, i) => [
    conn(ts, `10.0.1.${20 + i}`, SERVER, 445),
    kerberos(ts + MINUTE, `10.0.1.${20 + i}`, 'WS7$/EXAMPLE.ORG'),
    conn(ts + HOUR, `10.0.1.${20 + i}`, SERVER, 445),
  ]);
  assert.deepEqual(breaches(...days), []);
});
