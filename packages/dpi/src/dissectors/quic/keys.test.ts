import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../harness.ts';
import { generationOf, headerMask, initialKeys, nonceOf, unseal } from './keys.ts';

const digits = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const CONNECTION_ID = hex('8394c8f03e515708');

test('keys of version 1 are those of RFC 9001 appendix A', () => {
  const [client, server] = initialKeys(generationOf(1)!, CONNECTION_ID);
  assert.equal(digits(client.key.export()), '1f369613dd76d5467730efcbe3b1a22d');
  assert.equal(digits(client.iv), 'fa044b2f42a3fd3b46fb255c');
  assert.equal(digits(client.headerKey.export()), '9f50449e04a0e810283a1e9933adedd2');
  assert.equal(digits(server.key.export()), 'cf3a5331653c364c88f0f379b6067e37');
  assert.equal(
    digits(headerMask(client, hex('d1b1c98dd7689fb8ec11d242b123dc9b'))).slice(0, 10),
    '437b9aec36',
  );
});

test('keys of version 2 are those of RFC 9369 appendix A', () => {
  const [client] = initialKeys(generationOf(0x6b3343cf)!, CONNECTION_ID);
  assert.equal(digits(client.key.export()), '8b1a0bc121284290a29e0971b5cd045d');
  assert.equal(digits(client.headerKey.export()), '45b95e15235d6f45a6b19cbcb0294ba9');
});

test('drafts have salts of their own, other versions none', () => {
  assert.equal(generationOf(0xff00_0022), generationOf(1));
  assert.notEqual(generationOf(0xff00_001d), generationOf(1));
  assert.notEqual(generationOf(0xff00_0017), generationOf(0xff00_001d));
  assert.equal(generationOf(0), undefined);
  assert.equal(generationOf(0x1a2a3a4a), undefined);
});

test('a packet number changes the end of the nonce', () => {
  const [client] = initialKeys(generationOf(1)!, CONNECTION_ID);
  assert.equal(digits(nonceOf(client, 0x0102)), 'fa044b2f42a3fd3b46fb245e');
});

test('what was sealed otherwise, or is too short, is not opened', () => {
  const [client] = initialKeys(generationOf(1)!, CONNECTION_ID);
  assert.equal(unseal(client, 0, hex('c0'), new Uint8Array(40)), undefined);
  assert.equal(unseal(client, 0, hex('c0'), new Uint8Array(15)), undefined);
});
