import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import type { Quic, Ssl } from '@thymus/core';
import { connection, hex, torture } from './harness.ts';
import { generationOf, headerMask, initialKeys, nonceOf } from './quic/keys.ts';
import { quic } from './quic.ts';
import {
  clientHelloBody,
  counted,
  extension,
  serverHelloBody,
  serverName,
  tlsMessage,
} from './tls/sample.ts';

const CONNECTION_ID = '8394c8f03e515708';
const CLIENT_HELLO = tlsMessage('01', clientHelloBody({ extensions: serverName('a.example') }));
const SERVER_HELLO = tlsMessage(
  '02',
  serverHelloBody({ cipher: '1301', extensions: extension('002b', '0304') }),
);

const u16 = (n: number) => (0x4000 | n).toString(16);
/** A frame with a part of the handshake, from one place of it to another. */
const crypto = (message: string, from = 0, to = message.length / 2) =>
  `06${u16(from)}${u16(to - from)}${message.slice(from * 2, to * 2)}`;

interface Sealed {
  version?: number;
  to?: string;
  keyedBy?: string;
  token?: string;
  isServer?: boolean;
}

/** An Initial packet with packet number 2 in two bytes. */
function initial(frames: string, options: Sealed = {}): string {
  const { version = 1, to = CONNECTION_ID, keyedBy = to, token = '', isServer = false } = options;
  const generation = generationOf(version)!;
  const keys = initialKeys(generation, hex(keyedBy))[isServer ? 1 : 0];
  const plain = hex(frames + '00'.repeat(20));
  const head = `${version.toString(16).padStart(8, '0')}${counted(1, to)}00${counted(1, token)}`;
  const header = hex(
    `${(0xc1 | (generation.initial << 4)).toString(16)}${head}${u16(2 + plain.length + 16)}0002`,
  );
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonceOf(keys, 2));
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const packet = Buffer.concat([header, sealed]);
  const at = header.length - 2;
  const mask = headerMask(keys, packet.subarray(at + 4, at + 20));
  packet[0]! ^= mask[0]! & 0x0f;
  packet[at]! ^= mask[1]!;
  packet[at + 1]! ^= mask[2]!;
  return packet.toString('hex');
}

/** Plays a conversation: `>` before what the originator sends, `<` before what the responder sends. */
function play(steps: string[]) {
  const told = connection({ proto: 'udp', dest_port: 443 });
  const session = quic.open(told);
  for (const step of steps) if (!session.done) session.feed(hex(step.slice(1)), step[0] === '>');
  const isDone = session.done;
  session.close?.();
  const rows = told.records.filter(({ kind }) => kind === 'ssl') as Ssl[];
  const quics = told.records.filter(({ kind }) => kind === 'quic') as Quic[];
  return { ...told, rows, row: rows[0], quics, histories: quics.map(({ history }) => history), isDone };
}

const answer = (frames: string) => `<${initial(frames, { to: '', keyedBy: CONNECTION_ID, isServer: true })}`;

test('the hellos of both sides make one record', () => {
  const { rows, row, confirmed } = play([
    `>${initial(crypto(CLIENT_HELLO))}`,
    answer(`02000000 00${crypto(SERVER_HELLO)}`),
  ]);
  assert.equal(rows.length, 1);
  assert.deepEqual(confirmed, ['', 'ssl', 'ssl']);
  assert.equal(row?.server_name, 'a.example');
  assert.equal(row?.version, 'TLSv13');
  assert.equal(row?.cipher, 'TLS_AES_128_GCM_SHA256');
  assert.equal(row?.ssl_history, 'Cs');
  assert.equal(row?.established, false);
  assert.match(row?.ja4 ?? '', /^q12d02/);
});

test('version 2 has other keys and other numbers for its packets', () => {
  const steps = [`>${initial(crypto(CLIENT_HELLO), { version: 0x6b3343cf })}`];
  assert.equal(play(steps).row?.server_name, 'a.example');
});

test('a hello may be scattered over frames and packets', () => {
  const first = `01${crypto(CLIENT_HELLO, 30, 50)}${crypto(CLIENT_HELLO, 0, 10)}`;
  const second = `03000001 00 0000 000000 ${crypto(CLIENT_HELLO, 10, 30)}${crypto(CLIENT_HELLO, 50)}`;
  assert.equal(play([`>${initial(first)}${initial(second)}`]).row?.ssl_history, 'C');
});

test('after a retry the keys come from another connection id', () => {
  const retry = `<f000000001 00 04 11223344 ${'aa'.repeat(20)}`;
  const again = `>${initial(crypto(CLIENT_HELLO), { to: '11223344', token: 'aabb' })}`;
  const reply = `<${initial(crypto(SERVER_HELLO), { to: '', keyedBy: '11223344', isServer: true })}`;
  const { row } = play([`>${initial(crypto(CLIENT_HELLO))}`, retry, again, reply]);
  assert.equal(row?.ssl_history, 'CCs');
});

test('early data before the hello is passed over', () => {
  const early = `>d000000001 08 ${CONNECTION_ID} 00 4020 ${'ee'.repeat(32)}`;
  assert.equal(play([early, `>${initial(crypto(CLIENT_HELLO))}`]).row?.ssl_history, 'C');
});

test('what cannot be opened, cut packets and closed connections give nothing', () => {
  const sealedOtherwise = initial(crypto(CLIENT_HELLO), { keyedBy: 'ffff' });
  const good = initial(crypto(CLIENT_HELLO));
  const steps = [
    `>${good.slice(0, 100)}`,
    `>${initial('1c00')}`,
    `>${sealedOtherwise}`,
    answer(crypto(SERVER_HELLO)).slice(0, 40),
  ];
  const refused = quic.open(connection()).feed(hex(sealedOtherwise), true);
  assert.equal(refused, -1);
  assert.equal(play(steps).row, undefined);
  assert.equal(play([`<${good}`]).row, undefined);
});

test('a broken hello ends the reading of its stream', () => {
  assert.equal(play([`>${initial(crypto(tlsMessage('01', '0303')))}`]).row, undefined);
});

test('not more than 64 packets of a connection are opened, and not more than 100 are noted', () => {
  const first = `>${initial('01')}`;
  const { histories, isDone, weirds } = play(Array.from({ length: 120 }, () => first));
  assert.deepEqual(
    [histories, isDone, weirds],
    [['I'.repeat(100)], true, ['QUIC_max_history_length_reached']],
  );
});

const handshake = (from: string) => `e000000001 00${counted(1, from)}4014 ${'ee'.repeat(20)}`;
const short = `41 ${'ee'.repeat(20)}`;

test('a row has the ids, the name, the protocol and a letter for each packet', () => {
  const alpn = extension('0010', '0006 02 6833 02 6832');
  const hello = tlsMessage('01', clientHelloBody({ extensions: serverName('a.example') + alpn }));
  const { quics } = play([
    `>${initial(crypto(hello))} 00ff`,
    answer(`${crypto(SERVER_HELLO)}`) + handshake('aabb'),
    ...Array.from({ length: 5 }, () => `>${short}`),
    `<${short}`,
  ]);
  const [row] = quics;
  assert.deepEqual(
    [row?.version, row?.client_initial_dcid, row?.client_scid, row?.server_scid],
    ['1', CONNECTION_ID, '', 'aabb'],
  );
  assert.deepEqual([row?.server_name, row?.client_protocol, row?.history], ['a.example', 'h3', 'ISXishOOOo']);
});

test('a retry, a close and an unknown version end a row', () => {
  const retry = `<f000000001 00 04 11223344 ${'aa'.repeat(20)}`;
  const again = `>${initial(crypto(CLIENT_HELLO), { to: '11223344', token: 'aabb' })}`;
  const early = `>d000000001 08 ${CONNECTION_ID} 00 4020 ${'ee'.repeat(32)}`;
  const { histories } = play([early, `>${initial(crypto(CLIENT_HELLO))}`, retry, again]);
  assert.deepEqual(histories, ['ZISr', 'IS']);
  assert.deepEqual(play([`>${initial(crypto(CLIENT_HELLO))}`, answer('1c0000')]).histories, ['ISic']);
  const { quics } = play([
    '>c01a2a3a4a 01 00 00',
    ...Array.from({ length: 9 }, () => '<c000000000 00 01 07'),
  ]);
  assert.deepEqual([quics.length, quics[0]?.version, quics[0]?.history], [8, 'unknown-1a2a3a4a', 'U']);
});

test('versions have names', () => {
  const version = (number: number) => play([`>${initial('01', { version: number })}`]).quics[0]?.version;
  assert.deepEqual([version(0x6b3343cf), version(0xff00001d)], ['quicv2', 'draft-29']);
});

test('probes know long headers of known versions and refuse the rest', () => {
  const probe = (text: string, fromOriginator = true) => quic.probe(hex(text), fromOriginator, 443);
  assert.ok(probe(initial(crypto(CLIENT_HELLO))) > 0.5);
  assert.ok(probe(initial(crypto(SERVER_HELLO), { isServer: true }), false) > 0);
  assert.equal(probe(`c0 1a2a3a4a 00 00 ${'00'.repeat(30)}`), 0.2);
  assert.equal(quic.probe(hex(`c0 1a2a3a4a 00 00 ${'00'.repeat(30)}`), true, 5000), 0);
  assert.equal(probe(`c0 00000001 ff 00 ${'00'.repeat(30)}`), 0);
  assert.equal(probe(`f0 00000001 00 00 ${'00'.repeat(30)}`), 0);
  assert.equal(probe('00'.repeat(30)), 0);
  assert.equal(probe('c000000001'), 0);
});

test('bears everything', () => {
  torture(
    quic,
    [initial(crypto(CLIENT_HELLO)), initial(crypto(SERVER_HELLO), { isServer: true })].map(hex),
    1000,
  );
});
