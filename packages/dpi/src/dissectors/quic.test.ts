import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import type { Ssl } from '@thymus/core';
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
  return { ...told, rows: told.records as Ssl[], row: told.records[0] as Ssl | undefined, isDone };
}

const answer = (frames: string) => `<${initial(frames, { to: '', keyedBy: CONNECTION_ID, isServer: true })}`;

test('the hellos of both sides make one record', () => {
  const { rows, row, isDone, confirmed } = play([
    `>${initial(crypto(CLIENT_HELLO))}`,
    answer(`02000000 00${crypto(SERVER_HELLO)}`),
  ]);
  assert.equal(rows.length, 1);
  assert.equal(isDone, true);
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
    `>${sealedOtherwise}`,
    `>${good.slice(0, 100)}`,
    `>${initial('1c00')}`,
    answer(crypto(SERVER_HELLO)).slice(0, 40),
  ];
  assert.equal(play(steps).row, undefined);
  assert.equal(play([`<${good}`]).row, undefined);
});

test('a broken hello ends the reading of its stream', () => {
  assert.equal(play([`>${initial(crypto(tlsMessage('01', '0303')))}`]).row, undefined);
});

test('not more than 64 packets of a connection are opened', () => {
  const wrong = `>${initial('00', { keyedBy: 'ffff' })}`;
  assert.equal(play(Array.from({ length: 64 }, () => wrong)).isDone, true);
});

test('probes know long headers of known versions and refuse the rest', () => {
  const probe = (text: string, fromOriginator = true) => quic.probe(hex(text), fromOriginator, 443);
  assert.ok(probe(initial(crypto(CLIENT_HELLO))) > 0.5);
  assert.ok(probe(initial(crypto(SERVER_HELLO), { isServer: true }), false) > 0);
  assert.equal(probe(`c0 1a2a3a4a 00 00 ${'00'.repeat(30)}`), 0);
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
