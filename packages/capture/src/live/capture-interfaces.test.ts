import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InterfaceCaptures } from './capture-interfaces.ts';

const HEADER =
  '\\324\\303\\262\\241\\002\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000\\000\\377\\377\\000\\000\\001\\000\\000\\000';
const PACKET = '\\001\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000\\011\\000\\000\\000x';

/** Runs `use` with a shell script in tcpdump's place. */
async function withProgram(script: string, use: (program: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-interfaces-'));
  const program = join(folder, 'tcpdump');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  try {
    await use(program);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a capture that ends is started again, the others go on, and totals cover all starts', async () => {
  const script = `
trap 'exit 0' INT
echo 'tcpdump: listening' >&2
printf '${HEADER}${PACKET}'
case "$*" in
*eth0*) echo '1 packet received by filter' >&2; echo 'tcpdump: the cable was pulled' >&2; exit 1;;
esac
while :; do sleep 0.02; done`;
  await withProgram(script, async (program) => {
    const end = new AbortController();
    const faults: string[] = [];
    const captures = new InterfaceCaptures({
      signal: end.signal,
      program,
      retryAfter: 1,
      onFault: (name, { message }) => {
        faults.push(`${name}: ${message}`);
        if (faults.length === 3) end.abort();
      },
    });
    const sink = { packet: () => undefined };
    await Promise.all([captures.run('eth0', sink), captures.run('eth1', sink)]);
    const [eth0, eth1] = captures.stats;
    assert.match(faults[2]!, /eth0: Capture on eth0 failed: the cable was pulled/);
    assert.deepEqual([eth0!.name, eth0!.packets, eth0!.received, eth0!.bytes], ['eth0', 3, 3, 27]);
    assert.deepEqual([eth1!.name, eth1!.restarts, eth1!.isUp], ['eth1', 0, false]);
  });
});

test('what the sink throws ends the capture', async () => {
  await withProgram(`printf '${HEADER}${PACKET}'; exec sleep 60`, async (program) => {
    const captures = new InterfaceCaptures({ signal: new AbortController().signal, program });
    const sink = {
      packet: () => {
        throw new RangeError('full');
      },
    };
    await assert.rejects(captures.run('eth0', sink), RangeError);
  });
});
