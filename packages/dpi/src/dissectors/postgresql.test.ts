import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Postgresql } from '@thymus/core';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { postgresql } from './postgresql.ts';

const uint32 = (value: number): string => value.toString(16).padStart(8, '0');
const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');

/** A message with its letter and length. */
function message(letter: string, content = ''): Uint8Array {
  const bytes = hex(content);
  return hex(text(letter) + uint32(bytes.length + 4) + Buffer.from(bytes).toString('hex'));
}

function startup(parameters: string): Uint8Array {
  const bytes = ascii(`${parameters}\0`);
  return hex(uint32(bytes.length + 8) + uint32(0x3_0000) + Buffer.from(bytes).toString('hex'));
}

const STARTUP = startup('user\0ann\0database\0shop\0application_name\0psql\0');
const TLS_REQUEST = hex('00000008 04d2162f');
const GSSAPI_REQUEST = hex('00000008 04d21630');
const ask = (way: number): Uint8Array => message('R', uint32(way));
const READY = message('Z', text('I'));
const query = (statement: string): Uint8Array => message('Q', text(`${statement}\0`));
const ERROR = message('E', `${text('SERROR\0C42P01\0Mno such table\0xodd\0')}00`);

function talk(turns: readonly (readonly ['>' | '<', Uint8Array])[]) {
  const told = connection({ proto: 'tcp', dest_port: 5432 });
  const session = postgresql.open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  for (const [side, bytes] of turns) (side === '>' ? client : server).push(bytes);
  session.close?.();
  const rows = (told.records as Postgresql[]).map((row) => [
    row.user,
    row.frontend,
    row.frontend_arg,
    row.backend,
    row.backend_arg,
    row.success,
    row.rows,
  ]);
  return { ...told, rows, session, isRefused: client.isRefused || server.isRefused };
}

const loggedIn = [
  ['>', STARTUP],
  ['<', ask(10)],
  ['<', ask(12)],
  ['<', ask(0)],
  ['<', READY],
] as const;
const LOGIN = ['ann', 'startup', undefined, 'auth_ok', 'SASL,SASLFinal', true, undefined];

test('a log-in tells who, how, and that it succeeded', () => {
  const { rows, records, confirmed } = talk(loggedIn);
  assert.deepEqual(rows, [LOGIN]);
  const [row] = records as Postgresql[];
  assert.deepEqual([row!.database, row!.application_name, confirmed], ['shop', 'psql', ['']]);
});

test('a refused log-in tells why', () => {
  const { rows } = talk([
    ['>', STARTUP],
    ['<', ask(10)],
    ['<', ask(99 - 88)],
    ['<', ERROR],
  ]);
  const why =
    'SASL,SASLContinue,SeverityLocalized=ERROR,Code=42P01,Message=no such table,UnknownErrorIdx=odd';
  assert.deepEqual(rows, [
    ['ann', 'startup', undefined, 'auth_request,auth_request,error', why, false, undefined],
  ]);
});

test('queries have their rows, their notices and their errors', () => {
  const { rows } = talk([
    ...loggedIn,
    ['>', query('select 1')],
    ['<', message('T', '0001')],
    ['<', message('D', '0001')],
    ['<', message('D', '0001')],
    ['<', READY],
    ['>', query('drop t')],
    ['<', message('N', text('SNOTICE\0\0'))],
    ['<', READY],
    ['>', query('bad')],
    ['<', ERROR],
    ['<', message('Z', text('E'))],
    ['>', message('X')],
  ]);
  assert.deepEqual(rows.slice(1, 3), [
    ['ann', 'simple_query', 'select 1', undefined, undefined, true, 2],
    ['ann', 'simple_query', 'drop t', undefined, 'SeverityLocalized=NOTICE', true, 0],
  ]);
  assert.deepEqual(rows[3]!.slice(1, 4), ['simple_query', 'bad', 'error']);
  assert.deepEqual(rows[4], ['ann', 'terminate', undefined, undefined, undefined, undefined, undefined]);
});

test('a prepared statement is a row too', () => {
  const { rows } = talk([
    ...loggedIn,
    ['>', message('P', `${text('s1\0select $1\0')}0000`)],
    ['>', message('S')],
    ['<', message('D', '0001')],
    ['<', READY],
  ]);
  assert.deepEqual(rows[1], ['ann', 'parse', 'select $1', undefined, undefined, true, 1]);
});

test('TLS takes over where the server agrees', () => {
  const agreed = talk([
    ['>', TLS_REQUEST],
    ['<', ascii('S')],
  ]);
  assert.deepEqual(agreed.handedOver, ['ssl']);
  assert.deepEqual(agreed.rows, [[undefined, 'ssl_request', undefined, 'ssl_reply', 'S', true, undefined]]);
  const refused = talk([['>', TLS_REQUEST], ['<', ascii('N')], ...loggedIn]);
  assert.deepEqual([refused.handedOver, refused.rows[1]], [[], LOGIN]);
});

test('nothing is read of what GSSAPI seals', () => {
  assert.equal(
    talk([
      ['>', GSSAPI_REQUEST],
      ['<', ascii('G')],
    ]).session.done,
    true,
  );
  assert.deepEqual(talk([['>', GSSAPI_REQUEST], ['<', ascii('N')], ...loggedIn]).rows, [LOGIN]);
});

test('a statement whose end was lost is told as far as it was seen', () => {
  const told = connection({ proto: 'tcp' });
  const session = postgresql.open(told);
  const client = new Stream(session, true);
  client.push(STARTUP);
  client.push(query('x'.repeat(30_000)).subarray(0, 25_000));
  session.gap?.(5_000, true);
  assert.equal(session.done, false);
  session.gap?.(5_000, true);
  session.close?.();
  assert.deepEqual([session.done, (told.records as Postgresql[])[1]!.frontend_arg!.length], [true, 16_384]);
});

test('what breaks the protocol is refused', () => {
  assert.equal(talk([['>', hex('00000007 00030000')]]).isRefused, true);
  assert.equal(talk([['>', hex('00000009 00020000 00')]]).isRefused, true);
  assert.equal(
    talk([
      ['>', TLS_REQUEST],
      ['<', ascii('X')],
    ]).isRefused,
    true,
  );
  assert.equal(talk([['<', READY]]).isRefused, true);
  for (const bad of [ask(13), message('Z', text('Q')), hex('44 00000003')])
    assert.equal(
      talk([
        ['>', STARTUP],
        ['<', bad],
      ]).isRefused,
      true,
    );
});

test('only a client that logs in with a user, or asks for encryption, is likely', () => {
  assert.equal(postgresql.probe(STARTUP, true, 1), 1);
  assert.equal(postgresql.probe(TLS_REQUEST, true, 1), 1);
  assert.equal(postgresql.probe(TLS_REQUEST.subarray(0, 6), true, 1), -1);
  assert.equal(postgresql.probe(hex('7fffffff'), true, 5432), 0);
  assert.equal(postgresql.probe(hex('00ffffff ff'), true, 5432), 0);
  assert.equal(postgresql.probe(startup('name\0ann\0'), true, 5432), 0);
  assert.equal(postgresql.probe(STARTUP, false, 5432), 0);
});

test('survives what is no PostgreSQL', () => {
  torture(postgresql, [STARTUP, TLS_REQUEST, ask(10), READY, query('select 1'), ERROR, ascii('N')], 300);
});
