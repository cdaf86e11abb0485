import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, hex, torture } from './harness.ts';
import { tftp } from './tftp.ts';

const READ = ascii('\0\x01pxe.0\0octet\0blksize\x001024\0');
const WRITE = ascii('\0\x02running.cfg\0netascii\0');
const data = (block: number, text: string) => ascii(`\0\x03\0${String.fromCharCode(block)}${text}`);
const ack = (block: number) => hex(`0004 00${block.toString(16).padStart(2, '0')}`);

/** The request's connection, and the one that it announces. */
function ask(request: Uint8Array) {
  const control = connection({ dest_port: 69 });
  const asking = tftp.open(control);
  asking.feed(request, true);
  const blocks = connection({ uid: 'C2', source_ip: '10.0.0.2', context: control.expected[0]?.context });
  return { control, asking, blocks };
}

test('a file that is read comes from a port that the request announces', () => {
  const { control, asking, blocks } = ask(READ);
  const [{ context: _, ...expected }] = control.expected as [(typeof control.expected)[0]];
  assert.deepEqual(expected, {
    dissector: 'tftp',
    proto: 'udp',
    source_ip: '10.0.0.2',
    dest_ip: '10.0.0.1',
    dest_port: 40_000,
  });
  const session = tftp.open(blocks);
  session.feed(ascii('\0\x06blksize\x001024\0'), true);
  for (const block of [1, 1, 2]) session.feed(data(block, 'abcde'), true);
  session.feed(ack(2), false);
  session.close?.();
  asking.close?.();
  const rows = [...control.records, ...blocks.records];
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['files', 'tftp'],
  );
  const [file, row] = rows;
  assert.ok(row?.kind === 'tftp' && file?.kind === 'files');
  assert.deepEqual(
    [row.uid, row.uid_data, row.wrq, row.fname, row.mode],
    ['C1', 'C2', false, 'pxe.0', 'octet'],
  );
  assert.deepEqual([row.size, row.block_sent, row.block_acked], [10, 2, 2]);
  assert.deepEqual([file.source, file.filename, file.seen_bytes], ['TFTP', 'pxe.0', 10]);
  assert.deepEqual([control.confirmed, blocks.confirmed], [[''], ['']]);
});

test('blocks that were not seen are missing from the file', () => {
  const { blocks } = ask(WRITE);
  const session = tftp.open(blocks);
  session.feed(data(1, 'a'.repeat(512)), true);
  session.feed(data(3, 'z'), true);
  session.close?.();
  const [file] = blocks.records;
  assert.deepEqual(file?.kind === 'files' && [file.seen_bytes, file.missing_bytes], [513, 512]);
});

test('a refusal is told, also where it comes from the port that was asked', () => {
  const { control, asking } = ask(WRITE);
  asking.feed(WRITE, true);
  asking.feed(ascii('\0\x05\0\x02Access violation\0'), false);
  asking.close?.();
  const [row] = control.records;
  assert.ok(row?.kind === 'tftp');
  assert.deepEqual(
    [row.wrq, row.error_code, row.error_msg, row.size],
    [true, 2, 'Access violation', undefined],
  );
  assert.equal(control.records.length, 1);
});

test('what is not TFTP is refused', () => {
  const { asking } = ask(READ);
  assert.equal(asking.feed(hex('0009 0000'), false), -1);
  assert.equal(tftp.open(connection()).feed(hex('0003 0001'), true), -1);
  const probe = (text: string) => tftp.probe(ascii(text), true, 69);
  assert.deepEqual(
    ['\0\x01a\0octet\0', '\0\x02a\0NetASCII\0', '\0\x01a\0bits\0', '\0\x03a\0octet\0', '\0\x01\0octet\0'].map(
      probe,
    ),
    [1, 1, 0, 0, 0],
  );
});

test('bears anything', () => {
  torture(tftp, [READ, WRITE, data(1, 'abc'), ack(1), ascii('\0\x05\0\x01no\0')], 300);
});
