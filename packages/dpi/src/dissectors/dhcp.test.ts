import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dhcp } from '@thymus/core';
import type { Connection } from '../dissector.ts';
import { dhcp } from './dhcp.ts';
import { connection, hex, NOON, torture } from './harness.ts';

const CLIENT = '02 00 00 00 00 01';
/** op, transaction 0000abcd, your address, relay, client 02:00:00:00:00:01, cookie, options. */
function message(op: number, assigned: string, options: string, relay = '00000000'): Uint8Array {
  const fixed = `0${op} 01 06 00 0000abcd 0000 0000 00000000 ${assigned} 00000000 ${relay} ${CLIENT}`;
  return hex(`${fixed} ${'00'.repeat(10 + 64 + 128)} 63825363 ${options} ff`);
}
const ANY = '00000000';
const LEASED = '0a000042'; // 10.0.0.66
const broadcast: Partial<Connection> = {
  source_ip: '0.0.0.0',
  source_port: 68,
  dest_ip: '255.255.255.255',
  dest_port: 67,
};
const reply: Partial<Connection> = {
  uid: 'C2',
  source_ip: '10.0.0.1',
  source_port: 67,
  dest_ip: '10.0.0.66',
  dest_port: 68,
};

const DISCOVER = message(1, ANY, '350101 0c04 68657265 3c03 4d5346 3704 01030f06');
const OFFER = message(2, LEASED, '350102 3304 00000384 0f05 6c6f63616c');
const REQUEST = message(1, ANY, '350103 3204 0a000042 3d07 01 020000000009 5104 000000 61');
const ACK = message(2, LEASED, '350105 3304 00000384 3805 68656c6c6f');

/** Feeds two flows of one engine in turn, a second apart, and ends them. */
function exchange(): { rows: Dhcp[]; confirmed: string[] } {
  const instance = dhcp.create?.() ?? dhcp;
  const client = connection(broadcast);
  const server = connection(reply);
  const [up, down] = [instance.open(client), instance.open(server)];
  up.feed(DISCOVER, true);
  server.ts = NOON + 1000;
  down.feed(OFFER, true);
  client.ts = NOON + 2000;
  up.feed(REQUEST, true);
  server.ts = NOON + 3000;
  down.feed(ACK, true);
  up.close?.();
  down.close?.();
  return { rows: [...client.records, ...server.records] as Dhcp[], confirmed: client.confirmed };
}

test('the messages of two connections are one row', () => {
  const { rows, confirmed } = exchange();
  assert.deepEqual(confirmed, ['']);
  assert.deepEqual(rows, [
    {
      kind: 'dhcp',
      ts: NOON,
      uids: ['C1', 'C2'],
      client_addr: '10.0.0.66',
      server_addr: '10.0.0.1',
      mac: '02:00:00:00:00:09',
      host_name: 'here',
      client_fqdn: 'a',
      domain: 'local',
      requested_addr: '10.0.0.66',
      assigned_addr: '10.0.0.66',
      lease_time: 900_000,
      server_message: 'hello',
      msg_types: ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'],
      duration: 3000,
      uid: 'C1',
      source_ip: '0.0.0.0',
      source_port: 68,
      dest_ip: '255.255.255.255',
      dest_port: 67,
      vendor_class: 'MSF',
      parameters: '1,3,15,6',
    },
  ]);
});

test('two engines do not share exchanges', () => {
  assert.equal(exchange().rows.length + exchange().rows.length, 2);
});

test('an exchange is over after silence, and the next message begins another', () => {
  const told = connection(broadcast);
  const session = dhcp.create!().open(told);
  session.feed(DISCOVER, true);
  told.ts = NOON + 9_000;
  session.feed(DISCOVER, true);
  told.ts = NOON + 60_000;
  session.feed(DISCOVER, true);
  assert.deepEqual(
    (told.records as Dhcp[]).map((row) => [row.msg_types?.length, row.duration, row.mac]),
    [[2, 9000, '02:00:00:00:00:01']],
  );
});

test('a row holds at most 50 messages', () => {
  const told = connection(broadcast);
  const session = dhcp.create!().open(told);
  for (let i = 0; i < 51; i++) session.feed(DISCOVER, true);
  assert.equal((told.records as Dhcp[])[0]?.msg_types?.length, 50);
});

test('a flood of transactions is bounded and weird', () => {
  const told = connection(broadcast);
  const session = dhcp.create!().open(told);
  for (let i = 0; i < 4097; i++) {
    const bytes = DISCOVER.slice();
    bytes[6] = i >> 8;
    bytes[7] = i & 255;
    session.feed(bytes, true);
  }
  assert.deepEqual([told.records.length, told.weirds], [1, ['dhcp_too_many_exchanges']]);
});

test("a relay's address is not the client's", () => {
  const told = connection({ ...broadcast, source_ip: '10.9.9.9', source_port: 67 });
  const session = dhcp.create!().open(told);
  session.feed(message(1, ANY, '350101', '0a090909'), true);
  session.close?.();
  assert.equal((told.records as Dhcp[])[0]?.client_addr, undefined);
});

test('a full name may come as labels, and options may spill into the file name', () => {
  const spilled = message(1, ANY, '340101 350108');
  spilled.set(hex('5108 040000 0161 016200 ff'), 108); // E flag, a.b
  const told = connection(broadcast);
  const session = dhcp.create!().open(told);
  session.feed(spilled, true);
  session.close?.();
  assert.equal((told.records as Dhcp[])[0]?.client_fqdn, 'a.b');
});

test('an option that runs past the message is weird, what stood before it counts', () => {
  const told = connection(broadcast);
  const session = dhcp.create!().open(told);
  session.feed(message(1, ANY, '350101 0cff 61'), true);
  session.close?.();
  assert.deepEqual(told.weirds, ['dhcp_option_past_end']);
  assert.deepEqual((told.records as Dhcp[])[0]?.msg_types, ['DISCOVER']);
});

test('a message without a type is plain BOOTP and makes no row', () => {
  const told = connection(broadcast);
  const session = dhcp.create!().open(told);
  session.feed(message(1, ANY, ''), true);
  session.close?.();
  assert.deepEqual([told.records, told.confirmed], [[], []]);
});

test('bytes that are no DHCP are refused', () => {
  assert.equal(dhcp.probe(DISCOVER, true, 67), 1);
  assert.equal(dhcp.probe(hex('01010600'), true, 67), 0);
  const told = connection(broadcast);
  dhcp.open(told).feed(hex('01010600'), true);
  assert.deepEqual([told.records, told.weirds], [[], ['dhcp_malformed']]);
});

test('damaged messages are borne', () => torture(dhcp, [DISCOVER, OFFER, REQUEST, ACK], 2000));
