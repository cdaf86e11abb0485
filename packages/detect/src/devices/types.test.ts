import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, type LogRecord } from '@thymus/core';
import type { Device } from '../device.ts';
import { Detector } from '../engine.ts';
import { conn, dhcp, http, OUTSIDE, options, REFERENCE, START, times } from '../fixtures/records.ts';
import { newDevice } from './state.ts';
import { noteMaker, noteName, noteUsed, noteVendorClass, typeReasons } from './types.ts';

const THING = '10.0.3.7';
const MAC = 'aa:bb:cc:00:00:07';
const ROUTER = 'aa:bb:cc:00:00:ff';

/** What is thought of the thing after these records, its card being by `maker`. */
function thing(maker: string, records: readonly LogRecord[]): Device | undefined {
  const vendor = (mac: string) => (mac === MAC ? maker : '');
  const detector = new Detector({ ...options([]), reference: { ...REFERENCE, vendor } });
  for (const record of records) detector.observe(record, 's');
  return detector.drain().devices.find(({ ips }) => ips[0]?.ip === THING);
}

const calls = (port: number, count: number, dest = OUTSIDE): LogRecord[] =>
  times(count, (i) => conn(START + i * HOUR, THING, dest, port, { orig_l2_addr: MAC, resp_l2_addr: ROUTER }));

/** Clients use the port, one an hour. */
const clients = (port: number, count: number): LogRecord[] =>
  times(count, (i) => conn(START + i * HOUR, `10.0.1.${i + 1}`, THING, port, { resp_l2_addr: MAC }));

test('the maker of hardly anything else tells the type, also of a thing whose web page is looked at', () => {
  assert.equal(thing('Axis Communications AB', calls(443, 3))?.typename, 'camera');
  assert.equal(thing('Polycom', calls(443, 1))?.typename, 'ipphone');
  const camera = thing('Hangzhou Hikvision Digital Technology Co.,Ltd.', [
    ...clients(80, 12),
    ...clients(443, 12),
  ]);
  assert.equal(camera?.typename, 'camera');
  assert.deepEqual(camera?.typeReasons, [
    'has a network card by Hangzhou Hikvision Digital Technology Co.,Ltd.',
  ]);
});

test('the maker of many things only tips the balance', () => {
  assert.equal(thing('Hewlett Packard', calls(443, 3))?.typename, 'unknown');
  const printer = thing('Hewlett Packard', clients(9100, 1));
  assert.equal(printer?.typename, 'printer');
  assert.deepEqual(printer?.typeReasons, ['has a network card by Hewlett Packard', 'prints over port 9100']);
  const desk = [
    ...calls(80, 1),
    ...times(2, (i) => http(START + i, THING, OUTSIDE, { user_agent: 'Windows NT 10.0' })),
  ];
  assert.equal(thing('Hewlett Packard', desk)?.typename, 'desktop');
});

test('a domain controller is a server, though it answers DNS and serves files as well', () => {
  const ports = [53, 53, 445, 445, 88, 389];
  const device = thing(
    '',
    ports.flatMap((port) => clients(port, 30)).sort((a, b) => a.ts - b.ts),
  );
  assert.equal(device?.typename, 'server');
  assert.equal(device?.typeReasons[0], 'answers Kerberos, as domain controllers do');
});

test('who is used by five others on whichever port is a server, by two hours of one is none', () => {
  assert.equal(thing('', clients(7000, 5))?.typename, 'server');
  const one = times(9, (i) => conn(START + i * HOUR, '10.0.1.1', THING, 7000));
  assert.equal(thing('', one)?.typename, 'unknown');
  assert.equal(thing('', clients(50_000, 9))?.typename, 'unknown');
});

test('refused connections serve nobody', () => {
  const refused = { conn_state: 'REJ', history: 'Sr', orig_bytes: 0, resp_bytes: 0 };
  const records = times(9, (i) => conn(START + i * HOUR, `10.0.1.${i + 1}`, THING, 88, refused));
  assert.equal(thing('', records)?.typename, 'unknown');
});

test('who only calls over SIP is a phone, who takes calls a server', () => {
  const phone = thing('', calls(5060, 6, '10.0.0.9'));
  assert.equal(phone?.typename, 'ipphone');
  assert.deepEqual(phone?.typeReasons, ['calls over SIP']);
  assert.equal(thing('', [...calls(5060, 20, '10.0.0.9'), ...clients(5060, 20)])?.typename, 'server');
  const device = newDevice(1, START, 's');
  assert.equal(noteUsed(device, 443), false);
});

test('names and DHCP clients tell types', () => {
  const named = (name: string) => {
    const device = newDevice(1, START, 's');
    noteName(device, name);
    return device.typename;
  };
  assert.deepEqual(['axis-accc8e012345', 'sep001122334455', 'nas01', 'bk01', 'ws-017', 'anna'].map(named), [
    'camera',
    'ipphone',
    'fileserver',
    'server',
    'desktop',
    'unknown',
  ]);
  const asks = (vendorClass: string) => {
    const device = newDevice(1, START, 's');
    noteVendorClass(device, vendorClass);
    return device.typename;
  };
  assert.deepEqual(
    [
      'Cisco Systems, Inc. IP Phone CP-7960',
      'AXIS,Network Camera,P3245',
      'Hewlett-Packard JetDirect',
      'udhcp 1.2',
    ].map(asks),
    ['ipphone', 'camera', 'printer', 'unknown'],
  );
});

test('a card that turns out to be a router tells nothing more about the device that bore it', () => {
  const device = newDevice(1, START, 's');
  assert.equal(noteMaker(device, 'Axis Communications AB'), true);
  assert.equal(noteMaker(device, ''), true);
  assert.deepEqual([device.typename, typeReasons(device)], ['unknown', []]);
  const records = [
    ...calls(443, 1),
    dhcp(START + 1, MAC, THING),
    conn(START + 1000, '10.0.2.5', OUTSIDE, 443, { orig_l2_addr: MAC, resp_l2_addr: ROUTER }),
  ];
  assert.equal(thing('Axis Communications AB', records)?.typename, 'unknown');
});
