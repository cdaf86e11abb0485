import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DurableLog } from '@thymus/store';
import { flowsToBus, followToBus } from './feeds.ts';

const root = mkdtempSync(join(tmpdir(), 'thymus-feeds-'));
after(() => rmSync(root, { recursive: true }));
const now = () => 1_700_000_000_000;

const line = (uid: string) =>
  `${JSON.stringify({
    _path: 'conn',
    ts: 1_700_000_000,
    uid,
    'id.orig_h': '10.0.0.1',
    'id.orig_p': 5,
    'id.resp_h': '10.0.0.2',
    'id.resp_p': 80,
    proto: 'tcp',
    conn_state: 'SF',
  })}\n`;

test('each line of a followed log comes into the bus once, wherever the process ended', async () => {
  const log = join(root, 'conn.log');
  const state = join(root, 'followed.json');
  const bus = new DurableLog(join(root, 'logs.sqlite'));
  const run = async () => {
    const end = new AbortController();
    const options = { now, signal: end.signal, onAppended: () => end.abort() };
    await followToBus(bus, [log], state, options);
  };
  writeFileSync(log, line('C1') + line('C2'));
  await run();
  assert.equal(bus.pending(1), 2);
  appendFileSync(log, line('C3'));
  await run();
  assert.equal(bus.pending(1), 3);
  // As if the process had ended between the file and the bus: what the file promises is not there.
  const kept = JSON.parse(readFileSync(state, 'utf8'));
  const lost = {
    ...kept,
    sequence: kept.sequence + 1,
    before: { sequence: kept.sequence, positions: kept.positions },
  };
  appendFileSync(log, line('C4'));
  const [path = ''] = Object.keys(kept.positions);
  const at = kept.positions[path].at + line('C4').length;
  writeFileSync(state, JSON.stringify({ ...lost, positions: { [path]: { ...kept.positions[path], at } } }));
  await run();
  assert.equal(bus.pending(1), 4);
  bus.close();
});

test('flow records come into the bus as connections', async () => {
  const bus = new DurableLog(join(root, 'flows.sqlite'));
  const end = new AbortController();
  const socket = createSocket('udp4');
  const datagram = Buffer.alloc(72);
  datagram.writeUInt16BE(5);
  datagram.writeUInt16BE(1, 2);
  datagram.writeUInt32BE(1_700_000_000, 8);
  datagram.set([10, 0, 0, 1, 10, 0, 0, 2], 24);
  datagram.writeUInt32BE(1, 40);
  const timer = setInterval(() => socket.send(datagram, 39_781, '127.0.0.1'), 20);
  const options = { now, signal: end.signal, onAppended: () => end.abort() };
  await flowsToBus(bus, { host: '127.0.0.1', port: 39_781 }, 1, options);
  clearInterval(timer);
  await new Promise<void>((resolve) => socket.close(resolve));
  assert.ok(bus.pending(1) >= 1);
  bus.close();
});
