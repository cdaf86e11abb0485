import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mysql } from '@thymus/core';
import { connection, hex, Stream, torture } from './harness.ts';
import { mysql } from './mysql.ts';

const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');

/** A packet with its length and number. */
function packet(number: number, payload: string): Uint8Array {
  const bytes = hex(payload);
  const length = Buffer.alloc(4);
  length.writeUIntLE(bytes.length, 0, 3);
  length[3] = number;
  return new Uint8Array(Buffer.concat([length, bytes]));
}

/** A server that can all that is asked for here. */
const GREETING = packet(
  0,
  `0a ${text('8.0.36')}00 01000000 0102030405060708 00 ffff ff 0200 ffff 15 00000000000000000000 ${text('abcdefghijkl')}00`,
);

/** Capabilities as the client writes them; 41-style unless told otherwise. */
const login = (capabilities: string, user: string): Uint8Array =>
  packet(1, `${capabilities} 00000001 21 ${'00'.repeat(23)} ${text(user)}00 00`);

const PLAIN = '00020000';
const MODERN = '00020009'; // no EOF packets, attributes of queries
const OK = packet(2, '00 00 00 0200 0000');
const command = (number: string, argument = ''): Uint8Array => packet(0, number + argument);

function talk(turns: readonly (readonly ['>' | '<', Uint8Array])[]) {
  const told = connection({ proto: 'tcp', dest_port: 3306 });
  const session = mysql.open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  for (const [side, bytes] of turns) (side === '>' ? client : server).push(bytes);
  session.close?.();
  const rows = (told.records as Mysql[]).map(({ cmd, arg, success, rows, response }) => [
    cmd,
    arg,
    success,
    rows,
    response,
  ]);
  return { ...told, rows, isRefused: client.isRefused || server.isRefused, session };
}

const loggedIn = (capabilities = PLAIN) =>
  [
    ['<', GREETING],
    ['>', login(capabilities, 'ann')],
    ['<', OK],
  ] as const;
const LOGIN = ['login', 'ann', true, 0, undefined];

test('a log-in that is refused tells who and why', () => {
  const refusal = packet(2, `ff 1504 23 ${text('28000Access denied')}`);
  const { rows, confirmed } = talk([
    ['<', GREETING],
    ['>', login(PLAIN, 'ann')],
    ['<', refusal],
  ]);
  assert.deepEqual(rows, [['login', 'ann', false, undefined, 'Access denied']]);
  assert.deepEqual(confirmed, ['']);
});

test('a change of the way to log in is part of the log-in', () => {
  const other = packet(2, `fe ${text('mysql_native_password')}00`);
  const { rows } = talk([
    ['<', GREETING],
    ['>', login(PLAIN, 'ann')],
    ['<', other],
    ['>', packet(3, '0102')],
    ['<', packet(4, '00 00 00 0200 0000')],
  ]);
  assert.deepEqual(rows, [LOGIN]);
});

test('a query is over with the second end of its result, a change with its rows', () => {
  const { rows } = talk([
    ...loggedIn(),
    ['>', command('03', text('select 1'))],
    ['<', packet(1, '01')],
    ['<', packet(2, `03 ${text('def')}`)],
    ['<', packet(3, 'fe 0000 0200')],
    ['<', packet(4, '01 31')],
    ['<', packet(5, 'fe 0000 0200')],
    ['>', command('03', text('delete from t'))],
    ['<', packet(1, '00 fc 0102 00')],
    ['>', command('01')],
  ]);
  assert.deepEqual(rows, [
    LOGIN,
    ['query', 'select 1', true, 0, undefined],
    ['query', 'delete from t', true, 513, undefined],
    ['quit', '', undefined, undefined, undefined],
  ]);
});

test('attributes before a statement are passed over; one end is enough without EOF packets', () => {
  const attributes = `02 01 00 01 fe00 01${text('a')} 0300 01${text('b')} 02${text('xy')} 01000000`;
  const { rows } = talk([
    ...loggedIn(MODERN),
    ['>', command('03', attributes + text('select 2'))],
    ['<', packet(1, '01')],
    ['<', packet(2, `03 ${text('def')}`)],
    ['<', packet(3, '01 32')],
    ['<', packet(4, 'fe 00 00 0200 0000 000000')],
    ['>', command('03', `00 01 ${text('broken')}`)],
  ]);
  assert.deepEqual(rows.slice(1), [
    ['query', 'select 2', true, 0, undefined],
    ['query', 'broken', undefined, undefined, undefined],
  ]);
});

test('a change of user, fields of a table, and a file sent from the client are understood', () => {
  const { rows } = talk([
    ...loggedIn(),
    ['>', command('11', `${text('bob')}00 00`)],
    ['<', packet(1, `fe ${text('caching_sha2_password')}00`)],
    ['<', packet(3, '00 00 00 0200 0000')],
    ['>', command('04', `${text('t')}00`)],
    ['<', packet(1, `03 ${text('def')}`)],
    ['<', packet(2, 'fe 0000 0200')],
    ['>', command('03', text('load data'))],
    ['<', packet(1, `fb ${text('/etc/passwd')}`)],
    ['>', packet(2, text('root:x'))],
    ['<', packet(4, '00 01 00 0200 0000')],
    ['>', command('09')],
    ['<', packet(1, text('Uptime: 1'))],
  ]);
  assert.deepEqual(rows.slice(1), [
    ['change_user', 'bob', true, 0, undefined],
    ['field_list', 't', true, 0, undefined],
    ['query', 'load data', true, 1, undefined],
    ['statistics', '', undefined, undefined, undefined],
  ]);
});

test('a request for TLS hands over before anybody logs in', () => {
  const request = packet(1, `000a0000 00000001 21 ${'00'.repeat(23)}`);
  const told = talk([
    ['<', GREETING],
    ['>', request],
  ]);
  assert.deepEqual([told.handedOver, told.rows], [['ssl'], []]);
});

test('nothing is read of what is compressed', () => {
  assert.equal(talk(loggedIn('20020000')).session.done, true);
});

test('an old client is understood, broken packets are refused', () => {
  const old = packet(1, `0500 000001 ${text('old')}00`);
  assert.deepEqual(
    talk([
      ['<', GREETING],
      ['>', old],
    ]).rows,
    [['login', 'old', undefined, undefined, undefined]],
  );
  assert.equal(
    talk([
      ['<', GREETING],
      ['>', packet(1, '0002')],
    ]).isRefused,
    true,
  );
  assert.equal(talk([...loggedIn(), ['>', command('77')]]).isRefused, true);
  assert.equal(talk([['<', packet(0, '0b 35')]]).isRefused, true);
});

test('only a server that greets in version 10 is likely', () => {
  assert.equal(mysql.probe(GREETING, false, 1), 1);
  assert.equal(mysql.probe(GREETING.subarray(0, 20), false, 1), 0.9);
  assert.equal(mysql.probe(GREETING, true, 3306), 0);
  assert.equal(mysql.probe(packet(0, `0a ${text('x.0')}00`), false, 3306), 0);
});

test('survives what is no MySQL', () => {
  torture(
    mysql,
    [GREETING, login(MODERN, 'ann'), OK, command('03', `02 01 00 01 fe00 01${text('a')}`), packet(1, '01')],
    300,
  );
});
