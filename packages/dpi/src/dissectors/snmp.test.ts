import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snmp } from '@thymus/core';
import { connection, hex, NOON, torture } from './harness.ts';
import { snmp } from './snmp.ts';

/** A value of a tag with other values, or digits, in it. */
const der = (tag: string, ...held: string[]) => {
  const text = held.join('').replaceAll(' ', '');
  const length = text.length / 2;
  const size = length < 128 ? length.toString(16).padStart(2, '0') : `81${length.toString(16)}`;
  return `${tag}${size}${text}`;
};
const text = (value: string) => der('04', Buffer.from(value).toString('hex'));
const number = (value: number) => der('02', value.toString(16).padStart(2, '0'));
const bind = (name: string, value = '0500') => der('30', der('06', name), value);
const pdu = (tag: string, ...bindings: string[]) =>
  der(tag, number(1), number(0), number(0), der('30', ...bindings));
const message = (version: number, tag: string, ...bindings: string[]) =>
  der('30', number(version), text('public'), pdu(tag, ...bindings));
const header = der('30', number(1), number(100), der('04', '04'), number(3));
const security = (name: string) =>
  der('04', der('30', text(''), number(0), number(0), text(name), text(''), text('')));
const scoped = (tag: string, ...bindings: string[]) => der('30', text(''), text(''), pdu(tag, ...bindings));

const DESCRIPTION = '2b06010201010100';
const UP_TIME = '2b06010201010300';
const GET = message(1, 'a0', bind(DESCRIPTION), bind(UP_TIME));
const RESPONSE = message(1, 'a2', bind(DESCRIPTION, text('Router')), bind(UP_TIME, der('43', '0064')));
const TRAP = der('30', number(0), text('public'), der('a4', der('06', '2b06'), der('40', '0a000001')));
const OPEN_V3 = der('30', number(3), header, security('ann'), scoped('a1', bind(UP_TIME)));
const SECRET_V3 = der('30', number(3), header, security('ann'), text('secret'));

function play(steps: string[]) {
  const told = connection({ dest_port: 161 });
  const session = snmp.open(told);
  const results: number[] = [];
  for (const step of steps) {
    results.push(session.feed(hex(step.slice(1)), step[0] === '>'));
    told.ts += 10;
  }
  session.close?.();
  return { ...told, row: told.records[0] as Snmp, results };
}

test('a session counts what was asked, answered and set', () => {
  const { row, records, confirmed } = play([
    `>${GET}`,
    `<${RESPONSE}`,
    `>${message(1, 'a5', bind(UP_TIME))}`,
    `>${message(1, 'a3', bind(UP_TIME))}`,
    `>${message(1, 'a7', bind(UP_TIME))}`,
  ]);
  assert.deepEqual([records.length, confirmed.length], [1, 1]);
  assert.deepEqual(row, {
    kind: 'snmp',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 161,
    duration: 40,
    version: '2c',
    community: 'public',
    get_requests: 2,
    get_bulk_requests: 1,
    get_responses: 2,
    set_requests: 1,
    display_string: 'Router',
    up_since: NOON + 10 - 1000,
    traps: 1,
  });
});

test('version 3 tells its user, and what is asked where it is not encrypted', () => {
  const open = play([`>${OPEN_V3}`]).row;
  assert.deepEqual([open.version, open.community, open.user, open.get_requests], ['3', 'ann', 'ann', 1]);
  const secret = play([`>${SECRET_V3}`]).row;
  assert.deepEqual([secret.community, secret.user, secret.get_requests], [undefined, 'ann', 0]);
});

test('a version 1 trap is counted without its variables', () => {
  const { row } = play([`>${TRAP}`]);
  assert.deepEqual([row.version, row.traps], ['1', 1]);
});

test('an object identifier with an endless part is weird', () => {
  const { weirds } = play([`>${message(1, 'a0', bind(`2b${'ff'.repeat(10)}7f`))}`]);
  assert.deepEqual(weirds, ['asn_oid_subidentifier_too_long 11']);
});

test('what is no message is refused, later ones are passed over', () => {
  assert.deepEqual(play(['>300302010a']).results, [-1]);
  assert.deepEqual(play([`>${GET}`, '>3000']).results.at(-1), 2);
  const probe = (bytes: string) => snmp.probe(hex(bytes), true, 161);
  assert.equal(probe(GET), 0.95);
  assert.equal(probe(SECRET_V3), 0.95);
  assert.equal(probe(der('30', number(1), number(5))), 0);
  assert.equal(probe(der('30', number(7), text('x'))), 0);
  assert.equal(probe(der('30', number(3), number(3))), 0);
  assert.equal(probe(der('30', number(1), text('x'), der('61', ''))), 0);
  assert.equal(snmp.begins?.(0x30), true);
});

test('bears everything', () => {
  torture(snmp, [GET, RESPONSE, TRAP, OPEN_V3, SECRET_V3].map(hex), 500);
});
