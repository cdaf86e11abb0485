import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { websocket } from './websocket.ts';

/** A frame of an opcode with a text as its payload, masked if it comes from a client. */
function frame(opcode: number, text: string, mask?: string): string {
  const payload = Buffer.from(text, 'latin1');
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const key = mask === undefined ? Buffer.alloc(0) : Buffer.from(mask, 'hex');
  if (mask !== undefined) {
    length[0]! |= 0x80;
    for (let i = 0; i < payload.length; i++) payload[i]! ^= key[i % 4]!;
  }
  return Buffer.concat([Buffer.of(0x80 | opcode), Buffer.from(length), key, payload]).toString('hex');
}

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 8080 });
  const session = websocket.create!().open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  return { ...told, isDone };
}

const CLIENT = frame(2, 'SSH-1.99-a\r\n', '11223344');
const SERVER = frame(2, 'SSH-1.5-b\r\n');

test('what is tunnelled is dissected as if it had the connection to itself', () => {
  const { records, confirmed, isDone } = play([`>${CLIENT}`, `<${SERVER}`]);
  assert.deepEqual(confirmed, ['', 'ssh']);
  assert.deepEqual(
    records.map((record) => record.kind === 'ssh' && [record.uid, record.client]),
    [['C1', 'SSH-1.99-a']],
  );
  assert.equal(isDone, true);
});

test('frames may be cut, and control frames lie between', () => {
  const { records } = play([
    `>${frame(9, 'ping', '01020304')}${CLIENT.slice(0, 10)}`,
    `>${CLIENT.slice(10)}`,
  ]);
  assert.equal(records.length, 1);
});

test('messages may span frames', () => {
  const { records } = play([`>${frame(2, 'SSH-2.0', '00000000')}${frame(0, '-x\r\n', '0a0b0c0d')}`]);
  assert.equal(records[0]?.kind === 'ssh' && records[0].client, 'SSH-2.0-x');
});

test('long frames are read, enormous, compressed and unknown ones end it', () => {
  const { records } = play([`>${frame(2, `SSH-2.0-${'x'.repeat(200)}\r\n`, '00000000')}`]);
  assert.equal(records.length, 1);
  assert.equal(play(['>827f0000000100000000']).isDone, true);
  assert.equal(play(['>c2810000000000']).isDone, true);
  assert.equal(play(Array.from({ length: 6 }, () => `>${frame(1, 'hello there', '00000000')}`)).isDone, true);
});

test('a refusal of the inner dissector, its hand-over and a gap end it', () => {
  assert.equal(play([`>${CLIENT}`, `<${frame(2, 'a'.repeat(9000))}`]).isDone, true);
  const upgrade = 'GET / HTTP/1.1\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
  const switching = 'HTTP/1.1 101 Ok\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
  assert.equal(play([`>${frame(1, upgrade, '00000000')}`, `<${frame(1, switching)}`]).isDone, true);
  const session = websocket.open(connection());
  session.gap?.(1, true);
  assert.equal(session.done, true);
});

test('a control frame that is too long is weird', () => {
  const { weirds } = play([`<${frame(8, 'x'.repeat(258))}`]);
  assert.deepEqual(weirds, ['websocket_control_frame_size_exceeded 258 > 125']);
});

test('it is never guessed: it begins within HTTP', () => {
  assert.equal(websocket.probe(ascii('anything'), true, 80), 0);
});

test('bears everything', () => {
  torture(websocket, [CLIENT, SERVER, frame(9, 'x'), frame(1, 'y'.repeat(300), '01020304')].map(hex), 1000);
});
