import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, hex, torture } from './harness.ts';
import { mongodb } from './mongodb.ts';
import { oracle } from './oracle.ts';

const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');
const DOCUMENT = `0d000000 10 ${text('ping')}00 01`;

const MESSAGE = hex(
  `25000000 01000000 00000000 dd070000 00000000 00 10000000 10 ${text('ping')}00 01000000 00`,
);
const QUERY = hex(
  `3a000000 01000000 00000000 d4070000 00000000 ${text('admin.$cmd')}00 00000000 ffffffff ${DOCUMENT}`,
);
const REPLY = hex(`40000000 01000000 01000000 01000000 08000000 ${'00'.repeat(12)} 01000000 ${DOCUMENT}`);
const COMPRESSED = hex('40000000 01000000 00000000 dc070000 dd070000 80000000 02 0000');

function connect(description: string, version = '0136'): Uint8Array {
  const body = `${version} 012c 0000 2000 7fff 4f98 0000 0001 ${'00'.repeat(32)} ${text(description)}`;
  const length = body.replace(/\s+/g, '').length / 2 + 8;
  return hex(`${length.toString(16).padStart(4, '0')} 0000 01 00 0000 ${body}`);
}

test('MongoDB is known by its messages, old and new', () => {
  for (const message of [MESSAGE, QUERY, REPLY, COMPRESSED]) {
    const told = connection({ proto: 'tcp' });
    assert.equal(mongodb.probe(message, true, 1), 1);
    mongodb.open(told).feed(message, true);
    assert.deepEqual(told.confirmed, ['']);
  }
});

test('what only looks like MongoDB is none', () => {
  const changed = (at: number, value: number): Uint8Array => MESSAGE.with(at, value);
  for (const message of [
    changed(3, 0x7f),
    changed(12, 0),
    changed(18, 0xff),
    changed(20, 2),
    changed(22, 0x7f),
  ])
    assert.equal(mongodb.probe(message, true, 27017), 0);
  assert.equal(mongodb.probe(MESSAGE.subarray(0, 20), true, 27017), 0);
  assert.equal(mongodb.probe(ascii('GET / HTTP/1.1\r\nHost: example\r\n\r\n'), true, 27017), 0);
});

test('Oracle is known by the packet that connects', () => {
  const packet = connect('(DESCRIPTION=(CONNECT_DATA=(SID=orcl)))');
  assert.equal(oracle.probe(packet, true, 1), 1);
  assert.equal(oracle.begins?.(packet[0]!), true);
  assert.equal(oracle.probe(connect(''), true, 1), 1, 'its description comes later');
  assert.equal(oracle.probe(connect('x'.repeat(200)), true, 1521), 0);
  assert.equal(oracle.probe(connect('(DESCRIPTION=)', '0036'), true, 1521), 0);
  assert.equal(oracle.probe(packet.with(4, 6), true, 1521), 0);
  assert.equal(oracle.probe(packet.subarray(0, 20), true, 1521), 0);
});

test('survive what they are not', () => {
  torture(mongodb, [MESSAGE, QUERY, REPLY, COMPRESSED], 300);
  torture(oracle, [connect('(DESCRIPTION=)')], 300);
});
