import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { rfb } from './rfb.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const version = (minor: string): string => text(ascii(`RFB 003.${minor}\n`));
const SCREEN = `0400 0300 ${'00'.repeat(16)} 00000004 ${text(ascii('desk'))}`;
const ACCEPTED = '00000000';

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 5900 });
  const session = rfb.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  const [row] = told.records.filter((record) => record.kind === 'rfb');
  return { ...told, row, isDone, isRefused: streams['<'].isRefused };
}

test('a log-in with a challenge, up to the screen', () => {
  const { row, confirmed, isDone } = play([
    `<${version('008')}`,
    `>${version('008')}`,
    '<02 01 02',
    '>02',
    `<${'aa'.repeat(16)}`,
    `>${'bb'.repeat(16)}`,
    `<${ACCEPTED}`,
    '>01',
    `<${SCREEN}`,
  ]);
  assert.deepEqual(
    [row?.authentication_method, row?.auth, row?.share_flag, row?.desktop_name, row?.width, row?.height],
    ['VNC', true, true, 'desk', 1024, 768],
  );
  assert.deepEqual(
    [row?.client_major_version, row?.server_minor_version, confirmed, isDone],
    ['003', '008', [''], true],
  );
});

test('in version 3.3 the server dictates the method', () => {
  const hello = [`<${version('003')}`, `>${version('003')}`];
  const refused = play([...hello, `<00000002 ${'aa'.repeat(16)}`, `>${'bb'.repeat(16)}`, '<00000001']);
  assert.deepEqual(
    [refused.row?.authentication_method, refused.row?.auth, refused.isDone],
    ['VNC', false, true],
  );
  const open = play([...hello, '<00000001', '>00', `<${SCREEN}`]);
  assert.deepEqual(
    [open.row?.auth, open.row?.share_flag, open.row?.desktop_name],
    [undefined, false, 'desk'],
  );
});

test('from 3.8 on even no log-in has a result', () => {
  const hello = [`<${version('008')}`, `>${version('008')}`, '<01 01', '>01'];
  assert.equal(play([...hello, `<${ACCEPTED}`, '>00', `<${SCREEN}`]).row?.auth, true);
});

test("Apple's method has keys of their own length", () => {
  const { row } = play([
    `<${version('889')}`,
    `>${version('889')}`,
    '<01 1e',
    '>1e',
    '<0002 0008 1111111111111111 2222222222222222',
    `>${'00'.repeat(136)}`,
    `<${ACCEPTED}`,
    '>c1',
    `<${SCREEN}`,
  ]);
  assert.deepEqual([row?.authentication_method, row?.auth, row?.width], ['Apple Remote Desktop', true, 1024]);
});

test('a method that is not followed, and a server that refuses, end the record', () => {
  const hello = [`<${version('008')}`, `>${version('008')}`];
  assert.deepEqual(play([...hello, '<01 13', '>13']).row?.authentication_method, 'VeNCrypt');
  assert.deepEqual(play([...hello, '<01 63', '>63']).row?.authentication_method, 'unknown-99');
  assert.equal(play([...hello, '<00 00000001 78']).isDone, true);
});

test('what is not RFB is refused', () => {
  assert.equal(play([`<${version('008')}`, `>${text(ascii('GET / HTTP/1'))}`]).confirmed.length, 0);
  const name = `0400 0300 ${'00'.repeat(16)} 7fffffff`;
  const steps = [`<${version('003')}`, `>${version('003')}`, '<00000001', `<${name}`];
  assert.equal(play(steps).isRefused, true);
  assert.deepEqual(
    ['RFB 003.008\n', 'RFB 003.008 ', 'RFB', 'RFC'].map((t) => rfb.probe(ascii(t), true, 5900)),
    [1, 0, -1, 0],
  );
});

test('bears anything', () => {
  torture(rfb, [hex(version('008')), hex('02 01 02'), hex(`00000002${'aa'.repeat(16)}`), hex(SCREEN)], 300);
});
