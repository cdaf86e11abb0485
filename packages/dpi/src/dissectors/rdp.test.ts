import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import type { Rdp } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { keyboardName } from './rdp/names.ts';
import { rdp } from './rdp.ts';

const digits = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const u16 = (n: number) => n.toString(16).padStart(4, '0');
const u16le = (n: number) => Buffer.of(n & 255, n >> 8).toString('hex');
const u32le = (n: number) => u16le(n & 0xffff) + u16le(Math.floor(n / 65_536));
const sizeOf = (text: string) => text.replace(/\s+/g, '').length / 2;
const wide = (text: string, bytes: number) =>
  Buffer.from(text, 'utf16le')
    .toString('hex')
    .padEnd(bytes * 2, '0');

const packet = (held: string) => `0300${u16(sizeOf(held) + 4)}${held}`;
const connect = (kind: string, rest: string) =>
  packet(`${(sizeOf(rest) + 6).toString(16).padStart(2, '0')}${kind}0000000000${rest}`);
const data = (held: string) => packet(`02f080${held}`);
const block = (type: string, held: string) => type + u16le(sizeOf(held) + 4) + held;

const REQUEST = connect('e0', `${digits('Cookie: mstshash=ann\r\n')}0100080003000000`);
const CORE = [
  '04000800 0004 0003 01ca 03aa 09040000 80250000',
  wide('HOST', 32),
  '00'.repeat(12 + 64),
  '01ca 0100 00000000',
  '1800 0700 0200',
  wide('serial', 64),
].join('');
const CHANNELS = `01000000 ${digits('rdpdr')}000000 00000000`;
const CLIENT = data(
  `7f65 820100 000102 ${digits('Duca')}8100${block('01c0', CORE)}${block('03c0', CHANNELS)}`,
);
const server = (security: string) =>
  data(
    `7f66 820100 0a0100 020100 3000 ${digits('McDn')}8100${block('010c', '00000800')}${block('020c', security)}`,
  );
const CERTIFICATE = new X509Certificate(rootCertificates[0]!).raw.toString('hex');

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 3389 });
  const session = rdp.create!().open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  const rows = told.records.filter((record): record is Rdp => record.kind === 'rdp');
  return { ...told, rows, row: rows[0], isDone, streams };
}

test("a connection in RDP's own encryption tells of client, server and certificates", () => {
  const chain = `02000080 01000000 ${u32le(sizeOf(CERTIFICATE))} ${CERTIFICATE}`;
  const security = `02000000 03000000 04000000 ${u32le(sizeOf(chain))} 11223344 ${chain}`;
  const { row, records, confirmed, isDone } = play([
    `>${REQUEST}`,
    `<${connect('d0', '0200080000000000')}`,
    `>${CLIENT}`,
    `<${server(security)}`,
  ]);
  assert.deepEqual(confirmed, ['']);
  assert.equal(isDone, true);
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ['x509', 'rdp'],
  );
  assert.deepEqual(row, {
    kind: 'rdp',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 3389,
    cookie: 'ann',
    security_protocol: 'RDP',
    result: 'Success',
    client_channels: ['rdpdr'],
    keyboard_layout: 'English - United States',
    client_build: 'RDP 8.1',
    client_name: 'HOST',
    client_dig_product_id: 'serial',
    desktop_width: 1024,
    desktop_height: 768,
    requested_color_depth: '32bit',
    cert_type: 'X.509',
    cert_count: 1,
    cert_permanent: false,
    encryption_level: 'High',
    encryption_method: '128bit',
  });
});

test('a proprietary certificate is counted, old clients and servers tell less', () => {
  const { row } = play([
    `>${connect('e0', '')}`,
    `>${data(`7f65 ${digits('Duca')}20${block('01c0', CORE.slice(0, 216))}`)}`,
    `<${server('01000000 01000000 00000000 04000000 01000000 00000000')}`,
  ]);
  assert.deepEqual([row?.cookie, row?.cert_type, row?.cert_count, row?.cert_permanent], ['', 'RSA', 1, true]);
  assert.deepEqual([row?.client_name, row?.requested_color_depth], ['HOST', undefined]);
});

test('TLS takes over where both agree on it', () => {
  const { row, handedOver } = play([`>${REQUEST}`, `<${connect('d0', '0200080002000000')}`]);
  assert.deepEqual([row?.security_protocol, row?.result], ['HYBRID', 'encrypted']);
  assert.deepEqual(handedOver, ['ssl']);
});

test('a refusal tells its reason', () => {
  const { row } = play([`>${REQUEST}`, `<${connect('d0', '0300080005000000')}`]);
  assert.deepEqual([row?.result, row?.security_protocol], ['HYBRID_REQUIRED_BY_SERVER', undefined]);
  assert.equal(play([`>${REQUEST}`, `<${connect('d0', '0300080063000000')}`]).row?.result, 'failure_code-99');
});

test('keyboards that are not known are told as well as can be', () => {
  assert.equal(keyboardName(263_198), 'Thai (Best Guess for 263198)');
  assert.equal(keyboardName(9), 'keyboard-9');
});

test('settings that run past their packet are left out', () => {
  for (const held of [
    `${digits('Duca')}10 01c0 ffff 00`,
    `${digits('Duca')}10 01c0 0300`,
    digits('none'),
    '',
  ]) {
    assert.equal(play([`>${REQUEST}`, `>${data(`7f65 ${held}`)}`]).row?.client_name, undefined);
  }
  const { row } = play([`>${REQUEST}`, `<${server('02000000 03000000 ffffffff 00000000')}`]);
  assert.deepEqual([row?.encryption_method, row?.cert_type, row?.cert_count], ['128bit', undefined, 0]);
});

test('what is no RDP is refused, a gap ends it', () => {
  assert.equal(play(['>16030100']).streams['>'].isRefused, true);
  assert.equal(play(['>03000004']).streams['>'].isRefused, true);
  const late = play([`>${REQUEST}`, '>04000020']);
  assert.equal(late.rows.length, 1);
  const told = connection();
  const session = rdp.open(told);
  session.gap?.(1, true);
  assert.deepEqual([session.done, told.records.length], [true, 0]);
});

test("probes know requests and confirmations of RDP's own kind and refuse the rest", () => {
  const probe = (bytes: string, port = 102) => rdp.probe(hex(bytes), true, port);
  assert.equal(probe(REQUEST), 1);
  assert.equal(probe(connect('d0', '0200080000000000')), 1);
  assert.equal(probe(connect('e0', 'c00109c1020600')), 0, 'S7');
  assert.ok(probe(connect('e0', ''), 3389) > 0);
  assert.equal(probe('0300'), -1);
  assert.equal(probe('16030100c4010000c00303'), 0);
});

test('bears everything', () => {
  const security = `02000000 03000000 00000000 00000000 02000080 01000000 ${u32le(sizeOf(CERTIFICATE))} ${CERTIFICATE}`;
  torture(rdp, [REQUEST, connect('d0', '0200080000000000'), CLIENT, server(security)].map(hex), 2000);
});
