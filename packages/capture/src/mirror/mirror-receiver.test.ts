import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { internetChecksum } from '@thymus/core';
import type { PacketSink } from '../source.ts';
import { MirrorReceiver } from './mirror-receiver.ts';

const NOON = 1_700_000_000_000;

/** Sends datagrams to a receiver until one was handed on; gives the packet. */
async function receive(host: string, port: number): Promise<{ bytes: Buffer; args: number[] }> {
  const end = new AbortController();
  const socket = createSocket(host === '::1' ? 'udp6' : 'udp4');
  let seen: { bytes: Buffer; args: number[] } | undefined;
  const sink: PacketSink = {
    packet(bytes, offset, caplen, wirelen, ts, linktype) {
      seen ??= { bytes: Buffer.from(bytes.subarray(offset, offset + caplen)), args: [wirelen, ts, linktype] };
      end.abort();
    },
  };
  const receiver = new MirrorReceiver({ host, port }, sink, () => NOON);
  const timer = setInterval(() => socket.send('mirrored', port, host), 5);
  try {
    await receiver.run(end.signal);
  } finally {
    clearInterval(timer);
    await new Promise<void>((resolve) => socket.close(resolve));
  }
  assert.ok(receiver.stats.packets >= 1);
  assert.equal(receiver.stats.isUp, false);
  return seen!;
}

test('a datagram is handed on as the packet that it came in', async () => {
  const { bytes, args } = await receive('127.0.0.1', 39_761);
  assert.deepEqual(args, [36, NOON, 101]);
  assert.equal(internetChecksum(bytes.subarray(0, 20)), 0);
  assert.deepEqual([...bytes.subarray(12, 20)], [127, 0, 0, 1, 127, 0, 0, 1]);
  assert.deepEqual([bytes[9], bytes.readUInt16BE(22), bytes.readUInt16BE(24)], [17, 39_761, 16]);
  assert.equal(bytes.subarray(28).toString(), 'mirrored');
});

test('an address that is taken is told, and tried again until the end', async () => {
  const taken = createSocket('udp4');
  await new Promise<void>((resolve) => taken.bind(39_762, '127.0.0.1', resolve));
  const end = new AbortController();
  const receiver = new MirrorReceiver(
    { host: '127.0.0.1', port: 39_762 },
    { packet: () => undefined },
    () => NOON,
  );
  const running = receiver.run(end.signal);
  while (receiver.stats.fault === '') await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(receiver.stats.fault, /127\.0\.0\.1:39762 .*EADDRINUSE/);
  end.abort();
  await running;
  await new Promise<void>((resolve) => taken.close(resolve));
});

test('what the sink throws ends the receiver', async () => {
  const socket = createSocket('udp4');
  const timer = setInterval(() => socket.send('x', 39_763, '127.0.0.1'), 5);
  const sink = {
    packet: () => {
      throw new RangeError('full');
    },
  };
  const receiver = new MirrorReceiver({ host: '127.0.0.1', port: 39_763 }, sink, () => NOON);
  await assert.rejects(receiver.run(new AbortController().signal), RangeError);
  clearInterval(timer);
  await new Promise<void>((resolve) => socket.close(resolve));
});
