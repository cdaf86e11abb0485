import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { loadApplianceConfig, Master } from '@thymus/appliance';
import { PacketRing, readCaptures, SMALLEST_RING } from '@thymus/capture';
import { ipPacket, tcpSegment } from '@thymus/core';
import { RingKeys } from '@thymus/dpi';
import { Command, CommanderError } from 'commander';
import { openMaster } from '../connection.ts';
import { terminal } from '../output.ts';
import { COMMANDS } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'thymus-console-'));
const data = join(root, 'data');
const NOON = Date.UTC(2026, 0, 5, 12) / 1000;
let master: Master;

/** 60 refused calls to one outside host: enough for a breach. */
const log = Array.from({ length: 60 }, (_, i) =>
  JSON.stringify({
    _path: 'conn',
    ts: NOON + i * 4,
    uid: `C${i}`,
    'id.orig_h': '10.0.0.5',
    'id.orig_p': 50_000 + i,
    'id.resp_h': '192.0.2.9',
    'id.resp_p': 5888,
    proto: 'tcp',
    conn_state: 'REJ',
    history: 'Sr',
    missed_bytes: 0,
    duration: 0.01,
  }),
).join('\n');

before(async () => {
  master = await openMaster(data, { listen: '127.0.0.1:0' });
  await master.listen();
  writeFileSync(join(root, 'conn.log'), `${log}\n`);
});
after(async () => {
  await master.close();
  rmSync(root, { recursive: true });
});

/** Runs one command line and gives what it printed. */
async function run(t: TestContext, ...args: string[]): Promise<{ out: string; err: string; code: number }> {
  const printed = { out: '', err: '' };
  const into = (name: 'out' | 'err') => (text: string) => {
    printed[name] += text;
  };
  const program = new Command('thymus').exitOverride();
  for (const make of COMMANDS) {
    const command = make().exitOverride();
    for (const sub of command.commands) sub.exitOverride().configureOutput({ writeErr: () => {} });
    program.addCommand(command.configureOutput({ writeErr: () => {} }));
  }
  const codeBefore = process.exitCode;
  process.exitCode = undefined;
  const mocks = [t.mock.method(terminal, 'write', into('out')), t.mock.method(terminal, 'note', into('err'))];
  try {
    await program.parseAsync(['node', 'thymus', ...args]);
    return { ...printed, code: Number(process.exitCode ?? 0) };
  } finally {
    for (const mock of mocks) mock.mock.restore();
    process.exitCode = codeBefore;
  }
}

const on = (...args: string[]) => [...args, '--data', data];

test('an import is followed to its end, and told in numbers', async (t) => {
  writeFileSync(join(root, 'letter.txt'), 'Dear reader, this is no capture.');
  const whole = await run(t, ...on('ingest', join(root, 'conn.log'), '-q', '--json'));
  assert.equal(whole.code, 0);
  assert.equal(JSON.parse(whole.out).added, 60);
  const partly = await run(
    t,
    ...on('ingest', join(root, 'conn.log'), join(root, 'letter.txt'), '--progress', 'json'),
  );
  assert.equal(partly.code, 5);
  assert.match(partly.err, /letter\.txt: .+no/i);
  assert.match(partly.out, /1 files, 0 packets, 60 records/);
  await assert.rejects(run(t, ...on('ingest', join(root, 'none'))), {
    code: 'BAD_INPUT',
    message: /does not exist/,
  });
});

test('breaches are listed and one is shown with its numbers', async (t) => {
  const { out } = await run(t, ...on('breach', 'list', '--json', '--all'));
  const breaches = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const failed = breaches.find((b) => JSON.stringify(b.model).includes('Multiple Failed Connections'));
  assert.ok(failed, out);
  const shown = await run(t, ...on('breach', 'show', String(failed.pbid)));
  assert.match(shown.out, /Multiple Failed Connections to Rare Endpoint/);
  assert.match(shown.out, /priority 2/);
  assert.equal(failed.learning, true);
  const row = (await run(t, ...on('breach', 'list', '--all'))).out.split('\n')[0]!.split('\t');
  assert.equal(row.at(-1), 'learning');
  const recent = await run(t, ...on('breach', 'list', '--last', '7d', '--min-score', '100'));
  assert.equal(recent.out, '');
  await assert.rejects(run(t, ...on('breach', 'show', '99999')), { code: 'NOT_FOUND' });
  await assert.rejects(run(t, ...on('breach', 'show', 'x')), CommanderError);
});

test('devices are listed and shown', async (t) => {
  const { out } = await run(t, ...on('device', 'list'));
  assert.match(out, /10\.0\.0\.5/);
  const did = out.split('\t')[0]!;
  assert.match((await run(t, ...on('device', 'show', did))).out, /10\.0\.0\.5/);
  assert.equal(JSON.parse((await run(t, ...on('device', 'show', did, '--json'))).out).did, Number(did));
});

test('records are found, faults in a query are told with their place', async (t) => {
  const { out, err } = await run(
    t,
    ...on('search', '@type:conn AND @fields.dest_port:5888', '--size', '3', '--last', '1h'),
  );
  assert.equal(out.trim().split('\n').length, 3);
  assert.match(err, /3 of 60/);
  await assert.rejects(run(t, ...on('search', '@fields.dest_prot:1')), {
    code: 'BAD_QUERY',
    message: /dest_port/,
  });
});

test('tokens are made, listed and revoked', async (t) => {
  const pair = JSON.parse((await run(t, ...on('token', 'create', '--name', 'hub', '--json'))).out);
  assert.deepEqual(Object.keys(pair), ['public', 'private']);
  assert.match((await run(t, ...on('token', 'list'))).out, new RegExp(`${pair.public}\thub`));
  await run(t, ...on('token', 'revoke', pair.public));
  assert.doesNotMatch((await run(t, ...on('token', 'list'))).out, new RegExp(pair.public));
  assert.match((await run(t, ...on('token', 'create', '--name', 'x'))).err, /Store the private token/);
});

test('users are added, listed and reset', async (t) => {
  const added = JSON.parse(
    (await run(t, ...on('user', 'add', 'ana', '--permission', 'view,search', '--json'))).out,
  );
  assert.equal(added.username, 'ana');
  assert.match((await run(t, ...on('user', 'list'))).out, /ana\tnever\tview, search/);
  const again = await run(t, ...on('user', 'reset', 'ana'));
  assert.doesNotMatch(again.out, new RegExp(added.password));
  await assert.rejects(run(t, ...on('user', 'add', 'ana')), { code: 'CONFLICT' });
});

test('the status says that a server runs', async (t) => {
  assert.match((await run(t, ...on('status'))).out, /^server +running/);
  assert.equal(JSON.parse((await run(t, ...on('status', '--json'))).out).type, 'master');
});

test('settings are printed and checked; wrong ones name what was expected', async (t) => {
  assert.match((await run(t, ...on('config', 'print'))).out, /"retention_days": 30/);
  assert.match((await run(t, ...on('config', 'check'))).out, /right/);
  assert.match((await run(t, 'config', 'schema')).out, /"listen"/);
  writeFileSync(join(data, 'thymus.yaml'), 'retention_day: 3\n');
  await assert.rejects(run(t, ...on('config', 'check')), { code: 'BAD_CONFIG', message: /retention_days/ });
  rmSync(join(data, 'thymus.yaml'));
});

test('only a simulated estate is removed', async (t) => {
  await assert.rejects(run(t, ...on('demo', 'remove')), { code: 'BAD_INPUT' });
  assert.ok(existsSync(data));
  await assert.rejects(run(t, 'demo', 'remove', '--data', join(root, 'none')), { code: 'NOT_FOUND' });
  const folder = join(root, 'demo');
  const estate = await Master.open(folder, loadApplianceConfig({}), { isDemo: true });
  await assert.rejects(run(t, 'demo', 'remove', '--data', folder), { code: 'DATA_IN_USE' });
  await estate.close();
  await run(t, 'demo', 'remove', '--data', folder);
  assert.ok(!existsSync(folder));
});

test('a capture is dissected without a data folder', async (t) => {
  const capture = join(root, 'trace.pcap');
  writeFileSync(capture, 'this is no capture');
  const broken = await run(t, 'dissect', capture, '--out', join(root, 'logs'), '-q');
  assert.equal(broken.code, 1);
  assert.match(broken.err, /trace\.pcap: /);
  await assert.rejects(run(t, 'dissect', capture), { code: 'BAD_INPUT', message: /--out/ });
  assert.ok(readFileSync(capture, 'utf8').length > 0);
});

/** Puts packets of two connections of the log into the ring of the data folder. */
function fillRing(): void {
  const ring = new PacketRing(join(data, 'packets'), { bytes: SMALLEST_RING });
  const keys = new RingKeys();
  for (let i = 0; i < 2; i++)
    for (const [after, isBack] of [
      [0, false],
      [5, true],
    ] as const) {
      const ends = isBack
        ? { source: '192.0.2.9', dest: '10.0.0.5' }
        : { source: '10.0.0.5', dest: '192.0.2.9' };
      const ports = isBack
        ? { sourcePort: 5888, destPort: 50_000 + i }
        : { sourcePort: 50_000 + i, destPort: 5888 };
      const packet = ipPacket(ends, tcpSegment({ ...ports, seq: 1, flags: 2 }));
      keys.wants(packet, 0, packet.length, 0, 101);
      ring.write(packet, 0, packet.length, packet.length, NOON * 1000 + i * 4000 + after, 101, keys);
    }
  ring.close();
}

test('packets of a host, a port, a time or a connection are cut out of the ring', async (t) => {
  fillRing();
  const out = join(root, 'slice.pcap');
  const count = async (...args: string[]) => {
    const { err, code } = await run(t, 'pcap', 'get', '--data', data, '--out', out, ...args);
    assert.equal(code, 0, err);
    assert.equal((await readCaptures([out], { packet: () => undefined })).packets, Number.parseInt(err, 10));
    return Number.parseInt(err, 10);
  };
  assert.equal(await count(), 4);
  assert.equal(await count('--host', '10.0.0.5', '--port', '50001'), 2);
  assert.equal(await count('--host', '10.0.0.6'), 0);
  assert.equal(await count('--from', String(NOON * 1000 + 3000), '--to', '2026-01-05T12:00:04Z'), 1);
  assert.equal(await count('--uid', 'C1'), 2);
  const get = (...args: string[]) => run(t, 'pcap', 'get', '--data', data, '--out', out, ...args);
  await assert.rejects(get('--uid', 'C999'), /no connection C999/);
  await assert.rejects(get('--host', 'nobody'), /expected an IP address, found nobody/);
  await assert.rejects(get('--from', 'noon'), /Expected a time such as/);
});
