import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { latin1, ThymusError } from '@thymus/core';
import { captureLive, type LiveStats } from './capture-live.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: capture on the loopback interface, as only root may do that.\n');
const live = { skip: isRoot ? false : 'needs root' };
const nothing = { packet: () => undefined };

/** Captures until a datagram with `text` has been seen, which is sent once capture runs. */
async function captureDatagram(text: string, port: number): Promise<[payload: string, stats: LiveStats]> {
  const socket = createSocket('udp4');
  const end = new AbortController();
  let payload = '';
  const sink = {
    packet(bytes: Uint8Array, offset: number, caplen: number): void {
      payload = latin1(bytes, offset + caplen - text.length, offset + caplen);
      end.abort();
    },
  };
  const onReady = () => socket.send(text, port, '127.0.0.1');
  const stats = await captureLive('lo', sink, { filter: `udp port ${port}`, signal: end.signal, onReady });
  await new Promise<void>((resolve) => socket.close(resolve));
  return [payload, stats];
}

test('a datagram sent over the loopback interface is captured, and the counts are told', live, async () => {
  const [payload, stats] = await captureDatagram('hello, sensor', 39_751);
  assert.equal(payload, 'hello, sensor');
  assert.ok(stats.packets >= 1 && stats.received >= 1, JSON.stringify(stats));
  assert.equal(stats.dropped, 0);
  assert.equal(stats.bytes, stats.packets * (14 + 20 + 8 + 13));
});

const refusal = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ThymusError);
  assert.equal(error.code, 'CAPTURE_FAILED');
  assert.match(error.message, message);
  return true;
};

test('an interface that does not exist is refused with the reason', live, async () => {
  await assert.rejects(captureLive('nowhere0', nothing), refusal(/nowhere0.*No such device/));
});

test('a filter that cannot be read is refused, and is never taken for an option', live, async () => {
  await assert.rejects(captureLive('lo', nothing, { filter: '--version' }), refusal(/syntax error/));
});

test('a missing capture program is named', async () => {
  await assert.rejects(captureLive('lo', nothing, { program: '/nowhere/tcpdump' }), refusal(/not installed/));
});

test('a capture that is called off before it began captures nothing', async () => {
  const stats = await captureLive('lo', nothing, { signal: AbortSignal.abort() });
  assert.deepEqual(stats, { packets: 0, bytes: 0, received: 0, dropped: 0 });
});

/** Runs a shell script in tcpdump's place. */
async function captureFrom(script: string, sink = nothing, options = {}): Promise<LiveStats> {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-live-'));
  const program = join(folder, 'tcpdump');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  try {
    return await captureLive('eth9', sink, { program, ...options });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a lack of permission is told in the words of tcpdump', async () => {
  const said = "tcpdump: eth9: You don't have permission to perform this capture on that device";
  await assert.rejects(captureFrom(`echo "${said}" >&2; exit 1`), refusal(/You don't have permission/));
});

test('a child that ends without a word is reported with its code', async () => {
  await assert.rejects(captureFrom('exit 3'), refusal(/code 3/));
});

test('bytes that are no capture end it', async () => {
  await assert.rejects(captureFrom('echo this is no capture'), refusal(/0x74686973/));
});

test('a sink that fails ends the child and passes its error on', async () => {
  const header =
    '\\324\\303\\262\\241\\002\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000\\000\\377\\377\\000\\000\\001\\000\\000\\000';
  const packet = '\\001\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\001\\000\\000\\000x';
  const sink = {
    packet: () => {
      throw new RangeError('full');
    },
  };
  await assert.rejects(captureFrom(`printf '${header}${packet}'; exec sleep 60`, sink), RangeError);
});

test('counts are reported while capture runs, and drops of the kernel are among them', async () => {
  const end = new AbortController();
  const script = [
    'trap \'echo "tcpdump: 7 packets captured, 9 packets received by filter, 2 packets dropped by kernel" >&2\' USR1',
    "trap 'exit 0' INT",
    'echo "tcpdump: listening on eth9" >&2',
    'while :; do sleep 0.02; done',
  ].join('\n');
  const onStats = (stats: LiveStats) => {
    if (stats.dropped > 0) end.abort();
  };
  const stats = await captureFrom(script, nothing, { signal: end.signal, onStats, statsEvery: 10 });
  assert.equal(stats.received, 9);
  assert.equal(stats.dropped, 2);
});

test(
  'at high rates another child takes over, back again at low ones, and no packet is lost or doubled',
  live,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'thymus-live-'));
    const program = join(folder, 'tcpdump');
    writeFileSync(program, `#!/bin/sh\necho $1 >> ${folder}/modes\nexec tcpdump "$@"\n`);
    chmodSync(program, 0o755);
    const socket = createSocket('udp4');
    const end = new AbortController();
    const seen: number[] = [];
    let sent = 0;
    let timer: NodeJS.Timeout | undefined;
    const sink = {
      packet(bytes: Uint8Array, offset: number, caplen: number): void {
        seen.push(Number(latin1(bytes, offset + caplen - 8, offset + caplen)));
      },
    };
    const modes = () => readFileSync(join(folder, 'modes'), 'latin1').trim().split('\n');
    const onReady = () => {
      timer = setInterval(() => {
        if (sent < 2000) socket.send(`${sent++}`.padStart(8), 39_752, '127.0.0.1');
        if (seen.includes(1999)) end.abort();
      }, 1);
    };
    try {
      await captureLive('lo', sink, {
        filter: 'udp port 39752',
        program,
        signal: end.signal,
        onReady,
        lookEvery: 200,
        blocksFrom: 50,
        singlesBelow: 1,
      });
      assert.deepEqual(modes(), ['-U', '-w', '-U']);
      assert.deepEqual(
        seen,
        Array.from({ length: 2000 }, (_, i) => i),
      );
    } finally {
      clearInterval(timer);
      await new Promise<void>((resolve) => socket.close(resolve));
      rmSync(folder, { recursive: true });
    }
  },
);
