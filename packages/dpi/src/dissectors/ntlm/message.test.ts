import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../harness.ts';
import { isNtlm, readNtlm } from './message.ts';

const u16 = (n: number): string => Buffer.of(n & 255, n >> 8).toString('hex');
const wide = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');
const pair = (kind: number, text: string): string => `${u16(kind)}${u16(text.length * 2)}${wide(text)}`;

function challenge(pairs: string, flags = '00008000'): Uint8Array {
  const length = u16(pairs.length / 2);
  return hex(
    `4e544c4d53535000 02000000 00000000 30000000 ${flags} ${'00'.repeat(16)} ${length}${length}30000000 ${pairs}`,
  );
}

test('a challenge tells how its server is called', () => {
  const pairs = `${pair(2, 'DOM')}${pair(1, 'SRV')}${pair(3, 'srv.dom.example')}${pair(5, 'dom.example')}00000000${pair(1, 'X')}`;
  assert.deepEqual(readNtlm(challenge(pairs)), {
    type: 2,
    serverNetbios: 'SRV',
    serverDns: 'srv.dom.example',
    serverTree: 'dom.example',
  });
});

test('without such a list, or with a broken one, the names stay unknown', () => {
  const nothing = { type: 2, serverNetbios: undefined, serverDns: undefined, serverTree: undefined };
  assert.deepEqual(readNtlm(challenge(pair(1, 'SRV'), '00000000')), nothing);
  assert.deepEqual(readNtlm(challenge('0100ff00')), nothing);
  assert.deepEqual(readNtlm(challenge(pair(1, 'SRV')).subarray(0, 30)), nothing);
});

test('credentials may be in characters of one byte', () => {
  const field = (length: number, at: number) => `${u16(length)}${u16(length)}${u16(at)}0000`;
  const message = `4e544c4d53535000 03000000 ${field(0, 0)} ${field(0, 0)} ${field(3, 64)} ${field(3, 67)} ${field(2, 70)} ${field(0, 0)} 02000000 444f4d 616e6e 5043`;
  assert.deepEqual(readNtlm(hex(message)), { type: 3, domain: 'DOM', user: 'ann', workstation: 'PC' });
});

test('what is none is refused', () => {
  assert.equal(isNtlm(hex('4e544c4d53535000')), false);
  assert.equal(readNtlm(hex('4e544c4d53535000 09000000')), undefined);
  assert.equal(readNtlm(hex(`${'00'.repeat(16)}`)), undefined);
});
