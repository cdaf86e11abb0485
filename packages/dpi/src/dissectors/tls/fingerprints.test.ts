import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ja3, ja3s, ja3Text, ja4, ja4Parts } from './fingerprints.ts';
import type { ClientHello } from './hello.ts';

const list = (text: string, radix: number) => text.split(/[-,]/).map((code) => Number.parseInt(code, radix));

const hello = (changes: Partial<ClientHello>): ClientHello => ({
  version: 0x0303,
  sessionId: '',
  ciphers: [],
  extensions: [],
  groups: [],
  pointFormats: [],
  signatures: [],
  versions: [],
  alpn: [],
  hasTicket: false,
  ...changes,
});

test('JA3 is that of the example in its specification', () => {
  const client = hello({
    version: 769,
    ciphers: list('47-53-5-10-49161-49162-49171-49172-50-56-19-4', 10),
    extensions: [0, 10, 11],
    groups: [23, 24, 25],
    pointFormats: [0],
  });
  assert.equal(ja3Text(client), '769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0');
  assert.equal(ja3(client), 'ada70206e40642a3e4461f35503241d5');
});

test('JA3S is that which its authors published for servers of Trickbot and Tor', () => {
  const server = (version: number, cipher: number, extensions: number[]) =>
    ja3s({ version, sessionId: '', cipher, extensions, isRetry: false, hasPreSharedKey: false });
  assert.equal(server(769, 49172, [65281, 11]), '623de93db17d313345d7ea481e7443cf');
  assert.equal(server(771, 49199, [65281, 11, 15]), 'a95ca7eab4d47d051a5cd4fb7b6005dc');
});

const CHROME = hello({
  versions: [0x2a2a, 0x0304, 0x0303],
  ciphers: list('1a1a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035', 16),
  extensions: list(
    '3a3a,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015',
    16,
  ),
  signatures: list('0403,0804,0401,0503,0805,0501,0806,0601', 16),
  alpn: ['h2', 'http/1.1'],
});

test('JA4 is that of the example in its specification', () => {
  assert.equal(ja4(CHROME, 't'), 't13d1516h2_8daaf6152771_e5627efa2ab1');
});

test('JA4 names transport, version, absence of a name and of extensions', () => {
  assert.equal(ja4(hello({ version: 0x0301, ciphers: [0x2f] }), 't').slice(0, 10), 't10i010000');
  assert.equal(ja4(hello({ version: 0xfefd, versions: [0xfefd, 0xfefc] }), 'd').slice(0, 4), 'dd3i');
  assert.equal(ja4(hello({ version: 0x0999 }), 'q'), 'q00i000000_000000000000_000000000000');
});

test('JA4 writes a protocol that does not begin or end in letters or digits as hexadecimal', () => {
  const ends = (protocol: string) => ja4Parts(hello({ alpn: [protocol] }), 't')[0].slice(-2);
  assert.equal(ends('a'), 'aa');
  assert.equal(ends('\xab'), 'ab');
  assert.equal(ends('0\xab'), '3b');
  assert.equal(ends(''), '00');
});

test('counts in JA4 stop at 99', () => {
  const ciphers = Array.from({ length: 120 }, (_, i) => i);
  assert.equal(ja4Parts(hello({ ciphers }), 't')[0], 't12i990000');
});
