import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mssql } from '@thymus/core';
import { connection, hex, Stream, torture } from './harness.ts';
import { mssql } from './mssql.ts';
import { clientHelloBody, serverName, tlsMessage } from './tls/sample.ts';

const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');
const u16le = (n: number): string => Buffer.of(n & 255, n >> 8).toString('hex');
const u32le = (n: number): string => u16le(n & 0xffff) + u16le(n >>> 16);

/** A packet of a type; the last of its message unless told otherwise. */
function packet(type: number, payload: string, isLast = true): Uint8Array {
  const bytes = Buffer.from(payload.replace(/\s+/g, ''), 'hex');
  const length = bytes.length + 8;
  return new Uint8Array(
    Buffer.concat([Buffer.of(type, isLast ? 1 : 0, length >> 8, length & 255, 0, 0, 1, 0), bytes]),
  );
}

const PRELOGIN = packet(18, '00 000b 0006 01 0011 0001 ff 0f0007d00000 02');
const PRELOGIN_REPLY = packet(4, '00 000b 0006 01 0011 0001 ff 0f0007d00000 02');

/** A log-in with texts for host, user, application, server, database; the password is not looked at. */
function login(flags: string, token = ''): Uint8Array {
  const texts = ['laptop', 'sa', '', 'app', 'db1', '', '', '', 'master'];
  let at = 94;
  let offsets = '';
  for (const text of texts) {
    offsets += u16le(at) + u16le(text.length);
    at += text.length * 2;
  }
  const tokenAt = u16le(at) + u16le(token.length / 2);
  const rest = `${offsets}000000000000${tokenAt}0000000000000000 00000000`;
  const fixed = `04000074 00100000 00000007 01000000 00000000 00 ${flags} 00 00 00000000 09040000`;
  const body = `${fixed}${rest}${wide(texts.join(''))}${token}`.replace(/\s+/g, '');
  return packet(16, u32le(body.length / 2 + 4) + body);
}

const ACCEPTED = packet(4, `ad 0400 01020304 fd 0000 0000 0000000000000000`);
const DONE = packet(4, 'fd 0000 c100 0100000000000000');
const failure = (number: number, severity: string, message: string): string => {
  const body = `${u32le(number)} 01 ${severity} ${u16le(message.length)} ${wide(message)} 00 00 01000000`;
  return `aa ${u16le(body.replace(/\s+/g, '').length / 2)} ${body}`;
};
const HEADERS = '16000000 12000000 0200 0000000000000000 01000000';
const batch = (statement: string): Uint8Array => packet(1, HEADERS + wide(statement));

function talk(turns: readonly (readonly ['>' | '<', Uint8Array])[]) {
  const told = connection({ proto: 'tcp', dest_port: 1433 });
  const session = mssql.create!().open(told);
  const [client, server] = [new Stream(session, true), new Stream(session, false)];
  for (const [side, bytes] of turns) (side === '>' ? client : server).push(bytes);
  const isDone = session.done;
  session.close?.();
  const rows = told.records.filter((record): record is Mssql => record.kind === 'mssql');
  return { ...told, rows, isDone, session, isRefused: client.isRefused || server.isRefused };
}

const told = (rows: readonly Mssql[]) =>
  rows.map((row) => [row.cmd, row.arg, row.success, row.error, row.response]);

const loggedIn = [
  ['>', PRELOGIN],
  ['<', PRELOGIN_REPLY],
  ['>', login('00')],
  ['<', ACCEPTED],
] as const;

test('a log-in tells who, from where and with what', () => {
  const { rows, confirmed } = talk(loggedIn);
  const { user, host, application, server, database, integrated, success } = rows[0]!;
  assert.deepEqual(
    [user, host, application, server, database, integrated, success, rows.length],
    ['sa', 'laptop', 'app', 'db1', 'master', false, true, 1],
  );
  assert.deepEqual(confirmed, ['']);
});

test('a refused log-in tells why; messages of low class are none', () => {
  const refusal = packet(
    4,
    `${failure(5701, '0a', 'hello')}${failure(18456, '0e', 'Login failed')} fd 0200 0000 0000000000000000`,
  );
  const { rows } = talk([
    ['>', login('00')],
    ['<', refusal],
  ]);
  assert.deepEqual(told(rows), [['login', undefined, false, 18456, 'Login failed']]);
});

test('statements and procedures have their outcome', () => {
  const call = `${HEADERS} ffff 0a00 0000 00 00 e7 401f 0904d00034 1000 ${wide('select 1')}`;
  const named = `${HEADERS} 0700 ${wide('sp_help')} 0000`;
  const { rows } = talk([
    ...loggedIn,
    ['>', batch('  select @@version')],
    ['<', packet(4, '81 0000', false)],
    ['<', DONE],
    ['>', packet(1, wide('drop table t'))],
    ['<', packet(4, `${failure(3701, '0b', 'no')} fd 0200 0000 0000000000000000`)],
    ['>', packet(3, call)],
    ['<', packet(4, '81 00 fd 0200 c100 0000000000000000')],
    ['>', packet(3, named)],
    ['>', packet(3, 'ffff 0d00 0000')],
    ['>', packet(3, 'ffff 6300 0000')],
  ]);
  assert.deepEqual(told(rows.slice(1)), [
    ['batch', 'select @@version', true, undefined, undefined],
    ['batch', 'drop table t', false, 3701, 'no'],
    ['rpc', 'sp_executesql select 1', false, undefined, undefined],
    ['rpc', 'sp_help', undefined, undefined, undefined],
    ['rpc', 'sp_prepexec', undefined, undefined, undefined],
    ['rpc', 'procedure 99', undefined, undefined, undefined],
  ]);
  assert.equal(rows[1]!.user, 'sa');
});

test('a long statement in parts is cut, its later packets are no statements', () => {
  const parts = `${HEADERS} ffff 0a00 0000 00 00 e7 ffff 0904d00034 feffffffffffffff 10000000 ${wide('select 2')}`;
  const { rows } = talk([
    ...loggedIn,
    ['>', packet(1, HEADERS + wide('x'.repeat(1_000)), false)],
    ['>', packet(1, wide('y'.repeat(1_000)))],
    ['<', DONE],
    ['>', packet(3, parts)],
  ]);
  assert.deepEqual(
    told(rows.slice(1)).map((row) => row[1]),
    ['x'.repeat(250), 'sp_executesql select 2'],
  );
});

test('a log-in of Windows goes on over several messages', () => {
  const negotiate = `${Buffer.from('NTLMSSP\0', 'latin1').toString('hex')}01000000 0000000000000000 0000000000000000`;
  const { rows, confirmed } = talk([
    ['>', login('80', negotiate)],
    ['<', packet(4, 'ed 0200 0000')],
    ['>', packet(17, '0000')],
    ['<', ACCEPTED],
  ]);
  assert.deepEqual([rows[0]!.integrated, rows[0]!.success, rows.length], [true, true, 1]);
  assert.ok(confirmed.includes('ntlm'));
});

test('TLS within packets is dissected, and left alone once all is sealed', () => {
  const hello = tlsMessage('01', clientHelloBody({ extensions: serverName('db.example') }));
  const record = `160301${(hello.length / 2).toString(16).padStart(4, '0')}${hello}`;
  const { records, isDone } = talk([
    ['>', PRELOGIN],
    ['<', PRELOGIN_REPLY],
    ['>', packet(18, record)],
  ]);
  assert.deepEqual(
    [records.map((row) => row.kind === 'ssl' && row.server_name), isDone],
    [['db.example'], false],
  );
  const sealed = Array.from({ length: 20 }, () => ['>', hex('17 0303 0003 010203')] as const);
  assert.equal(
    talk([['>', PRELOGIN], ['>', packet(18, '160301 0006 0100 0002 0303')], ...sealed]).isDone,
    true,
  );
});

test('broken packets are refused, a gap ends it', () => {
  assert.equal(talk([['>', hex('13 01 0010 00000000')]]).isRefused, true);
  assert.equal(talk([['>', hex('12 01 0004 00000000')]]).isRefused, true);
  assert.equal(talk([['>', packet(16, '00'.repeat(40))]]).isRefused, true);
  const { session } = talk(loggedIn);
  session.gap?.(1, false);
  assert.equal(session.done, true);
});

test('only negotiations and log-ins are likely', () => {
  assert.equal(mssql.probe(PRELOGIN, true, 1), 1);
  assert.equal(mssql.probe(login('00'), true, 1), 1);
  assert.equal(mssql.probe(PRELOGIN, false, 1433), 0);
  assert.equal(mssql.probe(PRELOGIN.subarray(0, 8), true, 1), -1);
  assert.equal(mssql.probe(packet(18, '01'.repeat(40)), true, 1433), 0);
  assert.equal(mssql.probe(packet(16, '01'.repeat(40)), true, 1433), 0);
  assert.equal(mssql.probe(hex(`1005${'00'.repeat(40)}`), true, 1433), 0);
});

test('survives what is no TDS', () => {
  torture(
    mssql,
    [PRELOGIN, login('80', '00'), ACCEPTED, batch('select 1'), DONE, packet(4, failure(1, '0b', 'x'))],
    300,
  );
});
