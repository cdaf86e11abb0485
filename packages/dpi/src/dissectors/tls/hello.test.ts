import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../harness.ts';
import { readClientHello, readServerHello, withoutGrease } from './hello.ts';
import { clientHelloBody, counted, extension, letters, serverHelloBody, serverName } from './sample.ts';

const client = (changes: Parameters<typeof clientHelloBody>[0], isDatagram = false) =>
  readClientHello(hex(clientHelloBody(changes)), isDatagram, true);
const server = (changes: Parameters<typeof serverHelloBody>[0]) =>
  readServerHello(hex(serverHelloBody(changes)));

test('a client hello gives session, ciphers and the number of every extension', () => {
  const hello = client({ session: '6162', extensions: serverName('a.example') + extension('0017') });
  assert.equal(hello?.version, 0x0303);
  assert.equal(hello?.sessionId, 'ab');
  assert.deepEqual(hello?.ciphers, [0xc02f, 0x1301]);
  assert.deepEqual(hello?.extensions, [0, 0x17]);
  assert.equal(hello?.serverName, 'a.example');
});

test('the extensions that fingerprints need are read', () => {
  const extensions = [
    extension('000a', counted(2, '001d 0017')),
    extension('000b', counted(1, '00 01')),
    extension('000d', counted(2, '0403')),
    extension('0010', counted(2, counted(1, letters('h2')), counted(1, letters('http/1.1')))),
    extension('0023', '00'),
    extension('002b', counted(1, '0304 0303')),
  ].join('');
  const hello = client({ extensions });
  assert.deepEqual(hello?.groups, [29, 23]);
  assert.deepEqual(hello?.pointFormats, [0, 1]);
  assert.deepEqual(hello?.signatures, [0x0403]);
  assert.deepEqual(hello?.alpn, ['h2', 'http/1.1']);
  assert.deepEqual(hello?.versions, [0x0304, 0x0303]);
  assert.equal(hello?.hasTicket, true);
});

test('without a fingerprint to make, only what the other columns need is read', () => {
  const extensions = serverName('a.example') + extension('0010', counted(2, counted(1, letters('h2'))));
  const body = hex(
    clientHelloBody({ session: '6162', extensions: `${extensions}${extension('0023', '00')}` }),
  );
  const hello = readClientHello(body, false, false);
  assert.equal(hello?.sessionId, 'ab');
  assert.equal(hello?.serverName, 'a.example');
  assert.equal(hello?.hasTicket, true);
  assert.deepEqual([hello?.ciphers, hello?.extensions, hello?.alpn], [[], [], []]);
  for (let length = 0; length < body.length; length++) {
    const cut = body.subarray(0, length);
    const isSound = readClientHello(cut, false, true) !== undefined;
    assert.equal(readClientHello(cut, false, false) !== undefined, isSound);
  }
});

test('the cookie of DTLS is passed over', () => {
  assert.deepEqual(client({ cookie: 'aabb' }, true)?.ciphers, [0xc02f, 0x1301]);
});

test('a server hello gives version, cipher and what its extensions chose', () => {
  const extensions = [
    extension('002b', '0304'),
    extension('0033', '001d', counted(2, '22'.repeat(32))),
    extension('0010', counted(2, counted(1, letters('h2')))),
    extension('0029', '0000'),
  ].join('');
  const hello = server({ cipher: '1301', extensions });
  assert.equal(hello?.cipher, 0x1301);
  assert.equal(hello?.selectedVersion, 0x0304);
  assert.equal(hello?.group, 29);
  assert.equal(hello?.alpn, 'h2');
  assert.equal(hello?.hasPreSharedKey, true);
  assert.equal(hello?.isRetry, false);
});

test('a retry is known by its random and names a group without a key', () => {
  const random = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
  const hello = server({ random, extensions: extension('0033', '0018') });
  assert.equal(hello?.isRetry, true);
  assert.equal(hello?.group, 24);
});

test('hellos of drafts of TLS 1.3 have no session, those before extensions no list of them', () => {
  assert.equal(readServerHello(hex(`7f12${'11'.repeat(32)}1301 0000`))?.cipher, 0x1301);
  assert.equal(readServerHello(hex(`0300${'11'.repeat(32)}00 0005 00`))?.cipher, 5);
});

test('a hello that is cut anywhere is refused, or is the one without extensions', () => {
  const whole = hex(clientHelloBody({ session: '61', extensions: serverName('a.b') }));
  const bare = whole.length - serverName('a.b').length / 2 - 2;
  for (let length = 0; length < whole.length; length++) {
    const hello = readClientHello(whole.subarray(0, length), false, true);
    assert.equal(hello === undefined, length !== bare);
  }
});

test('a hello without ciphers and lists that run past their extension are refused', () => {
  assert.equal(client({ ciphers: '' }), undefined);
  assert.equal(client({ extensions: '0000 0005 00' }), undefined);
  assert.equal(server({ extensions: '0010 ffff 00' }), undefined);
  assert.deepEqual(client({ extensions: extension('000a', 'ffff 001d') })?.groups, [29]);
  assert.equal(client({ extensions: extension('0000', '0003 00 ffff') })?.serverName, undefined);
});

test('values that only test whether they are ignored are known', () => {
  assert.deepEqual(withoutGrease([0x0a0a, 0x1301, 0xfafa, 0x0a1a]), [0x1301, 0x0a1a]);
});
