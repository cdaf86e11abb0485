import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dhcpv6 } from '@thymus/core';
import { dhcpv6 } from './dhcpv6.ts';
import { connection, hex, NOON, torture } from './harness.ts';

const u16 = (n: number) => n.toString(16).padStart(4, '0');
const option = (code: number, ...held: string[]) => {
  const text = held.join('').replaceAll(' ', '');
  return u16(code) + u16(text.length / 2) + text;
};
const digits = (text: string) => Buffer.from(text).toString('hex');
const name = (...labels: string[]) =>
  `${labels.map((l) => `${u16(l.length).slice(2)}${digits(l)}`).join('')}00`;

const CLIENT_ID = option(1, '0001 0001 11223344 001122334455');
const SERVER_ID = option(2, '0003 0001 66778899aabb');
const ADDRESS = `20010db8${'00'.repeat(11)}05`;
const lease = option(3, '00000001 00000000 00000000', option(5, ADDRESS, '00000e10 00001c20'));
const prefix = option(25, '00000002 00000000 00000000', option(26, `00000e10 00001c20 38 ${ADDRESS}`));
const message = (type: string, ...options: string[]) => `${type}abcdef${options.join('')}`;

const SOLICIT = message(
  '01',
  CLIENT_ID,
  option(39, '00', name('pc', 'example')),
  option(16, '00000137', '0004', digits('MSFT')),
);
const ADVERTISE = message('02', CLIENT_ID, SERVER_ID, lease);
const REPLY = message(
  '07',
  CLIENT_ID,
  SERVER_ID,
  lease,
  prefix,
  option(23, ADDRESS),
  option(24, name('a', 'example'), name('b')),
  option(13, '0000'),
);
const relayed = (type: string, inner: string) =>
  `${type}00${ADDRESS}fe80${'00'.repeat(13)}09${option(9, inner)}`;

/** Each step on the connection of its sender: the client asks a group, the server answers from its own address. */
function play(steps: string[]) {
  const instance = dhcpv6.create!();
  const asked = connection({ source_ip: 'fe80::9', source_port: 546, dest_ip: 'ff02::1:2', dest_port: 547 });
  const answered = connection({
    uid: 'C2',
    source_ip: 'fe80::9',
    source_port: 546,
    dest_ip: 'fe80::1',
    dest_port: 547,
    emit: asked.emit,
  });
  const sessions = { '>': instance.open(asked), '<': instance.open(answered) };
  const results: number[] = [];
  for (const step of steps) {
    results.push(sessions[step[0] as '>' | '<'].feed(hex(step.slice(1)), step[0] === '>'));
    asked.ts += 10;
    answered.ts += 10;
  }
  const before = asked.records.length;
  sessions['<'].close?.();
  sessions['>'].close?.();
  return { ...asked, asked, rows: asked.records as Dhcpv6[], before, results, sessions };
}

test('an exchange over two connections is one row', () => {
  const { rows, before, confirmed } = play([
    `>${SOLICIT}`,
    `<${ADVERTISE}`,
    `>${message('03', CLIENT_ID, SERVER_ID)}`,
    `<${REPLY}`,
  ]);
  assert.deepEqual(confirmed, ['']);
  assert.equal(before, 1);
  assert.deepEqual(rows, [
    {
      kind: 'dhcpv6',
      ts: NOON,
      uid: 'C1',
      source_ip: 'fe80::9',
      source_port: 546,
      dest_ip: 'ff02::1:2',
      dest_port: 547,
      msg_types: ['SOLICIT', 'ADVERTISE', 'REQUEST', 'REPLY'],
      duration: 30,
      client_addr: 'fe80::9',
      client_duid: '0001000111223344001122334455',
      mac: '00:11:22:33:44:55',
      client_fqdn: 'pc.example',
      vendor_class: 'MSFT',
      server_addr: 'fe80::1',
      server_duid: '0003000166778899aabb',
      assigned_addrs: ['2001:db8::5'],
      assigned_prefixes: ['2001:db8::5/56'],
      lease_time: 7_200_000,
      dns_servers: ['2001:db8::5'],
      domains: ['a.example', 'b'],
      status: 'Success',
    },
  ]);
});

test('a relay is looked through, and tells the address of the client', () => {
  const { rows } = play([`>${relayed('0c', SOLICIT)}`, `<${relayed('0d', REPLY)}`]);
  assert.deepEqual(rows[0]?.msg_types, ['SOLICIT', 'REPLY']);
  assert.equal(rows[0]?.client_addr, 'fe80::9');
  let deep = SOLICIT;
  for (let i = 0; i < 10; i++) deep = relayed('0c', deep);
  assert.deepEqual(play([`>${deep}`]).results, [-1]);
});

test('a refusal is told with its words', () => {
  const refused = message(
    '07',
    CLIENT_ID,
    option(3, '00000001 00000000 00000000', option(13, '0002', digits('none'))),
  );
  assert.equal(play([`<${refused}`]).rows[0]?.status, 'NoAddrsAvail: none');
  assert.equal(play([`<${message('07', CLIENT_ID, option(13, '0063'))}`]).rows[0]?.status, 'unknown-99');
});

test('without an answer the exchange ends with its connection, or after silence', () => {
  assert.equal(play([`>${SOLICIT}`]).rows.length, 1);
  const { asked, sessions } = play([]);
  sessions['>'].feed(hex(SOLICIT), true);
  asked.ts += 20_000;
  sessions['>'].feed(hex(message('0b', option(6, '0017'))), true);
  assert.equal(asked.records.length, 1);
  sessions['>'].close?.();
  assert.deepEqual((asked.records[1] as Dhcpv6).msg_types, ['INFORMATION-REQUEST']);
});

test('a client that repeats itself without end is told in parts', () => {
  const { rows } = play(Array.from({ length: 60 }, () => `>${SOLICIT}`));
  assert.deepEqual(
    rows.map(({ msg_types }) => msg_types.length),
    [50, 10],
  );
});

test('messages whose options do not fill them are refused, later ones passed over', () => {
  assert.deepEqual(play(['>01abcdef0001ffff']).results, [-1]);
  assert.deepEqual(play([`>${SOLICIT}`, '>01']).results.at(-1), 1);
  assert.equal(dhcpv6.probe(hex(SOLICIT), true, 547), 0.9);
  assert.equal(dhcpv6.probe(hex(SOLICIT), true, 53), 0);
  assert.equal(dhcpv6.probe(hex('01abcdefffff0000'), true, 547), 0);
  assert.equal(dhcpv6.probe(hex('01abcdef'), true, 547), 0);
  assert.equal(dhcpv6.probe(hex('40abcdef00010000'), true, 547), 0);
  assert.equal(dhcpv6.begins?.(1), true);
});

test('bears everything', () => {
  torture(dhcpv6, [SOLICIT, ADVERTISE, REPLY, relayed('0c', SOLICIT)].map(hex), 500);
});
