import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, type LogRecord, MINUTE } from '@thymus/core';
import type { Device } from '../device.ts';
import { Detector } from '../engine.ts';
import {
  conn,
  DESK,
  dhcp,
  dns,
  http,
  kerberos,
  ntlm,
  OUTSIDE,
  options,
  SERVER,
  START,
  times,
} from '../fixtures/records.ts';

const MAC = 'aa:bb:cc:00:00:01';
const OTHER_MAC = 'aa:bb:cc:00:00:02';
const ROUTER = 'aa:bb:cc:00:00:ff';

function devicesOf(records: readonly LogRecord[]): Device[] {
  const detector = new Detector(options([]));
  for (const record of records) detector.observe(record, 's');
  const last = new Map<number, Device>();
  for (const device of detector.drain().devices) last.set(device.did, device);
  return [...last.values()];
}

const from = (ts: number, ip: string, mac: string): LogRecord =>
  conn(ts, ip, OUTSIDE, 443, { orig_l2_addr: mac, resp_l2_addr: ROUTER });

test('addresses outside, multicast and broadcast are no devices, nor hosts that never sent anything', () => {
  const devices = devicesOf([
    conn(START, DESK, OUTSIDE, 443),
    conn(START, DESK, '10.0.9.9', 443, { conn_state: 'S0', history: 'S', resp_pkts: 0, resp_bytes: 0 }),
    conn(START, DESK, '239.255.255.250', 1900, { proto: 'udp', resp_pkts: 0, resp_bytes: 0 }),
    conn(START, DESK, '255.255.255.255', 67, { proto: 'udp', resp_pkts: 0, resp_bytes: 0 }),
    conn(START, '0.0.0.0', '255.255.255.255', 67, { proto: 'udp' }),
    conn(START, OUTSIDE, DESK, 443),
  ]);
  assert.deepEqual(
    devices.map((d) => d.ips[0]?.ip),
    [DESK],
  );
});

test('a device keeps its identity when its card gets another address by a lease, even at once', () => {
  const devices = devicesOf([
    from(START, '10.0.1.5', MAC),
    dhcp(START + 1000, MAC, '10.0.1.6', { host_name: 'LAPTOP-7', vendor_class: 'MSFT 5.0' }),
    from(START + 2000, '10.0.1.6', MAC),
  ]);
  assert.equal(devices.length, 1);
  const [device] = devices;
  assert.deepEqual(
    device!.ips.map((a) => a.ip),
    ['10.0.1.6', '10.0.1.5'],
  );
  assert.equal(device!.hostname, 'laptop-7');
  assert.equal(device!.mac, MAC);
  assert.equal(device!.vendor, 'Example Cards');
  assert.equal(device!.os, 'Windows');
  assert.equal(device!.typename, 'laptop');
  assert.ok(device!.typeReasons.length > 0);
});

test('without leases a card takes its identity along when the old address has fallen silent', () => {
  const devices = devicesOf([from(START, '10.0.1.5', MAC), from(START + HOUR, '10.0.1.6', MAC)]);
  assert.equal(devices.length, 1);
});

test('a card with two addresses at a time is a router and identifies nobody', () => {
  const devices = devicesOf([
    from(START, '10.0.1.5', ROUTER),
    from(START + 1000, '10.0.2.5', ROUTER),
    from(START + 2000, '10.0.1.5', ROUTER),
  ]);
  assert.deepEqual(
    devices.map((d) => [d.ips[0]?.ip, d.mac]),
    [
      ['10.0.1.5', undefined],
      ['10.0.2.5', undefined],
    ],
  );
});

test('a card that goes back and forth between addresses is a router', () => {
  const walk = ['10.0.1.5', '10.0.2.5', '10.0.1.5', '10.0.2.5'];
  const devices = devicesOf(walk.map((ip, i) => from(START + i * HOUR, ip, MAC)));
  assert.ok(devices.every((d) => d.mac === undefined));
  assert.deepEqual(devices.map((d) => d.ips[0]?.ip).sort(), ['10.0.1.5', '10.0.2.5']);
});

test('the card of outside traffic is the gateway, whoever else came through it', () => {
  const devices = devicesOf([
    conn(START, DESK, SERVER, 443, { orig_l2_addr: MAC, resp_l2_addr: ROUTER }),
    from(START + 1000, DESK, MAC),
    conn(START + 10 * MINUTE, SERVER, DESK, 443, { orig_l2_addr: ROUTER, resp_l2_addr: MAC }),
  ]);
  assert.deepEqual(
    devices.map((d) => [d.ips[0]?.ip, d.mac]),
    [
      [DESK, MAC],
      [SERVER, undefined],
    ],
  );
});

test('a second card on an address that another one is using came through a router', () => {
  const devices = devicesOf([from(START, DESK, MAC), from(START + 1000, DESK, OTHER_MAC)]);
  assert.equal(devices.length, 1);
  assert.equal(devices[0]!.mac, MAC);
});

test('an address that is leased to another card goes to its device', () => {
  const devices = devicesOf([
    from(START, '10.0.1.5', MAC),
    dhcp(START + HOUR, OTHER_MAC, '10.0.1.5', { host_name: 'second' }),
    from(START + 2 * HOUR, '10.0.1.5', OTHER_MAC),
  ]);
  assert.deepEqual(
    devices.map((d) => [d.mac, d.hostname, d.ips.length]),
    [
      [MAC, undefined, 0],
      [OTHER_MAC, 'second', 1],
    ],
  );
});

test('a client that speaks from an address before its lease is seen is no router', () => {
  const devices = devicesOf([
    dhcp(START, MAC, '10.0.1.5', { host_name: 'first' }),
    dhcp(START, OTHER_MAC, '10.0.1.6', { host_name: 'second' }),
    from(START + HOUR, '10.0.1.6', OTHER_MAC),
    from(START + HOUR + MINUTE, '10.0.1.6', MAC),
    dhcp(START + HOUR + 2 * MINUTE, MAC, '10.0.1.6', { host_name: 'first' }),
    from(START + HOUR + 3 * MINUTE, '10.0.1.6', MAC),
  ]);
  assert.deepEqual(
    devices.map((d) => [d.mac, d.hostname]),
    [
      [MAC, 'first'],
      [OTHER_MAC, 'second'],
    ],
  );
});

test('messages from an address nobody has yet wait for the card', () => {
  const devices = devicesOf([
    from(START, '10.0.1.5', MAC),
    dns(START + HOUR, '10.0.1.6', 'www.example.com'),
    from(START + HOUR + 1000, '10.0.1.6', MAC),
  ]);
  assert.equal(devices.length, 1);
});

test('a known device that turns up in a network of its own by a message first stays one device', () => {
  const devices = devicesOf([
    from(START, '10.0.1.5', MAC),
    dns(START + HOUR, '10.0.9.6', 'www.example.com'),
    kerberos(START + HOUR + MINUTE, '10.0.9.6', 'ana/CORP.EXAMPLE'),
    from(START + HOUR + 2 * MINUTE, '10.0.9.6', MAC),
  ]);
  assert.deepEqual(
    devices.map((d) => [d.mac, d.ips.length]),
    [[MAC, 2]],
  );
});

test('a device whose only address turned out to be that of a known card is not shown', () => {
  const devices = devicesOf([
    dns(START, '10.0.9.6', 'www.example.com'),
    from(START + 1000, '10.0.1.5', MAC),
    from(START + HOUR, '10.0.9.6', MAC),
  ]);
  assert.deepEqual(
    devices.map((d) => d.mac),
    [MAC],
  );
});

/** Shows one list of records after the other and says what was given out after each. */
function drains(...lists: LogRecord[][]): Device[][] {
  const detector = new Detector(options([]));
  return lists.map((records) => {
    for (const record of records) detector.observe(record, 's');
    return detector.drain().devices;
  });
}

test('a device that was given out and turns out to be a known card is given out as replaced', () => {
  const [before, after] = drains(
    [
      from(START, '10.0.1.5', MAC),
      ...[0, 6].map((m) => dns(START + HOUR + m * MINUTE, '10.0.9.6', 'a.example')),
    ],
    [from(START + HOUR + 10 * MINUTE, '10.0.9.6', MAC)],
  );
  assert.deepEqual(
    before!.map((d) => [d.did, d.ips[0]?.ip, d.replacedBy]),
    [
      [1, '10.0.1.5', undefined],
      [2, '10.0.9.6', undefined],
    ],
  );
  assert.deepEqual(
    after!.map((d) => [d.did, d.ips.map(({ ip }) => ip), d.sid, d.replacedBy]),
    [
      [1, ['10.0.9.6', '10.0.1.5'], 2, undefined],
      [2, [], 0, 1],
    ],
  );
});

test('so is the nameless one at the new address of a machine that Kerberos names', () => {
  const [, after] = drains(
    [kerberos(START, '10.0.1.5', 'WS7$/EXAMPLE.ORG'), conn(START + DAY, '10.0.1.6', SERVER, 445)],
    [kerberos(START + DAY + 1000, '10.0.1.6', 'WS7$/EXAMPLE.ORG')],
  );
  const nameless = after!.find((d) => d.replacedBy !== undefined);
  assert.deepEqual([nameless?.ips, nameless?.replacedBy], [[], 1]);
});

test('a device that lost its address to another, and then its card to a router, is replaced by nobody', () => {
  const [, after] = drains(
    [dhcp(START, MAC, '10.0.1.5'), dhcp(START + 1000, OTHER_MAC, '10.0.1.5')],
    [conn(START + 2000, OUTSIDE, SERVER, 443, { orig_l2_addr: MAC })],
  );
  const lost = after!.find(({ did }) => did === 1);
  assert.deepEqual([lost?.mac, lost?.ips, lost?.replacedBy], [undefined, [], 0]);
});

test('subnets do not count devices that were replaced', () => {
  const detector = new Detector(options([]));
  const records = [
    dns(START, '10.0.9.6', 'www.example.com'),
    from(START + 1000, '10.0.1.5', MAC),
    from(START + HOUR, '10.0.9.6', MAC),
  ];
  for (const record of records) detector.observe(record, 's');
  assert.deepEqual(
    detector.drain().subnets.map(({ network, devices }) => [network, devices]),
    [
      ['10.0.9.0/24', 1],
      ['10.0.1.0/24', 0],
    ],
  );
});

test('messages do not wait for a card for ever', () => {
  const talk = [0, 3 * MINUTE, 6 * MINUTE].map((ms) => dns(START + HOUR + ms, '10.0.1.6', 'www.example.com'));
  assert.equal(devicesOf([from(START, '10.0.1.5', MAC), ...talk]).length, 2);
});

test('one card has several IPv6 addresses', () => {
  const devices = devicesOf([
    from(START, '10.0.1.5', MAC),
    from(START + 1, 'fd00::1:5', MAC),
    from(START + 2, 'fe80::5', MAC),
    from(START + 3, 'fd00::1:6', MAC),
  ]);
  assert.equal(devices.length, 1);
  assert.equal(devices[0]!.ips.length, 4);
});

test('where no cards are seen, the machine name of Kerberos carries the identity to a new address', () => {
  const devices = devicesOf([
    kerberos(START, '10.0.1.5', 'WS7$/EXAMPLE.ORG'),
    conn(START + DAY, '10.0.1.6', SERVER, 445),
    kerberos(START + DAY + 1000, '10.0.1.6', 'WS7$/EXAMPLE.ORG'),
  ]);
  const named = devices.filter((d) => d.hostname === 'ws7');
  assert.equal(named.length, 1);
  assert.equal(named[0]!.did, 1);
  assert.equal(named[0]!.ips[0]?.ip, '10.0.1.6');
});

test('people who log in are the credentials of the device, machines are not', () => {
  const [device] = devicesOf([
    kerberos(START, DESK, 'Anna/EXAMPLE'),
    kerberos(START + 1, DESK, 'WS7$/EXAMPLE'),
    ntlm(START + 2, DESK, 'bert', true),
    ntlm(START + 3, DESK, 'carl', false),
  ]);
  assert.deepEqual(
    device!.credentials.map((c) => c.credential),
    ['bert', 'anna'],
  );
});

test('what a device serves and calls itself tells its type', () => {
  const typeAt = (records: readonly LogRecord[], ip: string) =>
    devicesOf(records).find((d) => d.ips[0]?.ip === ip)?.typename;
  const clients = (port: number) => times(6, (i) => conn(START + i * 1000, `10.0.1.${i + 1}`, SERVER, port));
  assert.equal(typeAt(clients(53), SERVER), 'dnsserver');
  assert.equal(typeAt(clients(9100), SERVER), 'printer');
  assert.equal(typeAt(clients(445), SERVER), 'fileserver');
  const browses = (agent: string) => times(2, (i) => http(START + i, DESK, OUTSIDE, { user_agent: agent }));
  assert.equal(typeAt(browses('Mozilla/5.0 (Windows NT 10.0; Win64; x64)'), DESK), 'desktop');
  assert.equal(typeAt(browses('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)'), DESK), 'mobile');
  assert.equal(typeAt(browses('curl/8.0'), DESK), 'unknown');
  const named = dhcp(START, MAC, DESK, { host_name: 'NPIA1B2C3', vendor_class: 'android-dhcp-13' });
  assert.equal(typeAt([named], DESK), 'printer');
});

test('names that are no host names are not taken', () => {
  const [device] = devicesOf([dhcp(START, MAC, DESK, { host_name: '<script>alert(1)</script>' })]);
  assert.equal(device!.hostname, undefined);
});

test('a lease that was not acknowledged ties nothing', () => {
  assert.equal(devicesOf([dhcp(START, MAC, DESK, { msg_types: ['DISCOVER', 'OFFER'] })]).length, 0);
  assert.equal(devicesOf([dhcp(START, 'ff:ff:ff:ff:ff:ff', DESK)]).length, 0);
});
