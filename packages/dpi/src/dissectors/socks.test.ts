import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { socks } from './socks.ts';

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 1080 });
  const session = socks.create!().open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  session.close?.();
  const [row] = told.records.filter((record) => record.kind === 'socks');
  return { ...told, row, isRefused: streams['>'].isRefused || streams['<'].isRefused };
}

const NAME = '05 01 00 03 03 612e62 01bb';
const GRANTED = '05 00 00 01 c0a8001f 0a80';

test('a request by name of SOCKS 5, and detection anew of what follows', () => {
  const { row, confirmed, handedOver, records } = play(['>05 01 00', '<05 00', `>${NAME}`, `<${GRANTED}`]);
  assert.deepEqual(
    [row?.version, row?.request_name, row?.request_p, row?.status, row?.bound_host, row?.bound_p],
    [5, 'a.b', 443, 'succeeded', '192.168.0.31', 2688],
  );
  assert.deepEqual([confirmed, handedOver], [[''], [undefined]]);
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ['tunnel', 'socks'],
  );
});

test('messages may come byte by byte', () => {
  const bytewise = (text: string, side: string) =>
    [...hex(text)].map((b) => side + b.toString(16).padStart(2, '0'));
  const { row } = play([
    ...bytewise('05 01 00', '>'),
    ...bytewise('05 00', '<'),
    ...bytewise(NAME, '>'),
    ...bytewise(GRANTED, '<'),
  ]);
  assert.equal(row?.request_name, 'a.b');
});

test('a client that does not wait for its answers is understood', () => {
  const { row } = play([`>05 01 00 ${NAME}`, `<05 00 ${GRANTED}`]);
  assert.equal(row?.status, 'succeeded');
});

test('the user of a log-in is kept, the password is not', () => {
  const { row } = play(['>05 01 02', '<05 02', '>01 03 626f62 05 616c696365', '<01 01']);
  assert.deepEqual(
    [row?.user, row?.password, row?.status],
    ['bob', undefined, 'general SOCKS server failure'],
  );
});

test('IPv6 addresses, and a status that nobody knows', () => {
  const to = `05 01 00 04 ${'00'.repeat(15)}01 0050`;
  const { row, handedOver } = play(['>05 01 00', '<05 00', `>${to}`, '<05 2a 00 03 01 78 0000']);
  assert.deepEqual([row?.request_host, row?.status, row?.bound_name], ['::1', 'unknown-42', 'x']);
  assert.deepEqual(handedOver, []);
});

test('SOCKS 4 by address, 4a by name', () => {
  const plain = play(['>04 01 0050 01020304 626f6200', '<00 5a 0000 00000000']);
  assert.deepEqual(
    [plain.row?.version, plain.row?.user, plain.row?.request_host, plain.row?.status],
    [4, 'bob', '1.2.3.4', 'succeeded'],
  );
  const named = play(['>04 01 0050 00000001 00 612e6200', '<00 5b 0000 00000000']);
  assert.deepEqual(
    [named.row?.request_name, named.row?.request_host, named.row?.status, named.handedOver],
    ['a.b', undefined, 'general SOCKS server failure', []],
  );
});

test('what is not SOCKS is refused', () => {
  assert.equal(play(['>05 01 00', '<48 54']).isRefused, true);
  assert.equal(play(['<05 00']).isRefused, true);
  assert.equal(play(['>05 01 00', '<05 00', '>05 01 00 07 00']).isRefused, false);
  assert.equal(play(['>05 01 02', '<05 ff']).row, undefined);
});

test('is found by the shape of its first message', () => {
  const probe = (text: string) => socks.probe(hex(text), true, 1080) > 0;
  assert.deepEqual(
    ['05 01 00', '05 03 00 03 02', '04 01 0050 01020304 00', '04 01 0050 00000001 00 612e6200'].map(probe),
    [true, true, true, true],
  );
  assert.deepEqual(
    ['05 02 00', '05 02 00 00', '05 01 20', '04 03 0050 01020304 00', '04 01 0000 01020304 00', '05'].map(
      probe,
    ),
    [false, false, false, false, false, false],
  );
  assert.equal(socks.probe(hex('05 01 00'), false, 1080), 0);
});

test('bears anything', () => {
  torture(
    socks,
    [hex('05 01 00'), hex(`05 01 02 ${NAME}`), hex(GRANTED), ascii('\x04\x01\x00P\x00\x00\x00\x01u\0n\0')],
    300,
  );
});
