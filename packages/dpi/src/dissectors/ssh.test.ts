import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Ssh } from '@thymus/core';
import { ascii, connection, hex, NOON, Stream, torture } from './harness.ts';
import { ssh } from './ssh.ts';

const u32 = (n: number) => n.toString(16).padStart(8, '0');
const digits = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const string = (held: string) => u32(held.length / 2) + held;
/** A packet: length, 4 bytes of padding, payload. */
const packet = (...payload: string[]) => {
  const held = payload.join('').replace(/\s+/g, '');
  return `${u32(held.length / 2 + 5)}04${held}00000000`;
};
const kexInit = (...lists: string[]) =>
  packet(
    '14',
    '00'.repeat(16),
    ...lists.map((list) => string(digits(list))),
    string(''),
    string(''),
    '00 00000000',
  );

const BANNER = digits('SSH-2.0-Test_1\r\n');
const CLIENT = kexInit('curve25519-sha256,none', 'ssh-ed25519', 'aes', 'aes', 'mac', 'mac', 'none', 'none');
const SERVER = kexInit(
  'none,curve25519-sha256',
  'ssh-rsa,ssh-ed25519',
  'x,aes',
  'aes',
  'mac',
  'mac',
  'none',
  'none',
);
const REPLY = packet('1f', string(digits('key')), string(''), string(''));
const NEWKEYS = packet('15');
const HELLO = [`>${BANNER}${CLIENT}`, `<${BANNER}${SERVER}`, `<${REPLY}${NEWKEYS}`, `>${NEWKEYS}`];
const sealed = (size: number) => 'ee'.repeat(size);

/** Plays a conversation: `>` before what the originator sends, `<` before what the responder sends. */
function play(steps: string[], changes: Parameters<typeof connection>[0] = {}) {
  const told = connection({ proto: 'tcp', dest_port: 22, ...changes });
  const session = ssh.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  return { ...told, rows: told.records as Ssh[], row: told.records[0] as Ssh | undefined, isDone, streams };
}

test('versions, algorithms and host key of both sides make one record', () => {
  const { rows, confirmed } = play(HELLO, { local_resp: false });
  assert.deepEqual(confirmed, ['']);
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const fingerprint = createHash('sha256').update('key').digest('base64').replace('=', '');
  assert.deepEqual(rows, [
    {
      kind: 'ssh',
      ts: NOON,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 22,
      auth_attempts: 0,
      direction: 'OUTBOUND',
      client: 'SSH-2.0-Test_1',
      server: 'SSH-2.0-Test_1',
      version: 2,
      kex_alg: 'curve25519-sha256',
      host_key_alg: 'ssh-ed25519',
      cipher_alg: 'aes',
      mac_alg: 'mac',
      compression_alg: 'none',
      hassh: md5('curve25519-sha256,none;aes;mac;none'),
      hassh_server: md5('none,curve25519-sha256;aes;mac;none'),
      host_key: `SHA256:${fingerprint}`,
      host_key_fingerprint: `SHA256:${fingerprint.slice(0, 32)}`,
    },
  ]);
});

test('a log-in succeeds when the answer is 16 bytes shorter than the accepted service', () => {
  const { row, isDone } = play([
    ...HELLO,
    `>${sealed(52)}`,
    `<${sealed(52)}`,
    `>${sealed(68)}`,
    `<${sealed(36)}`,
  ]);
  assert.deepEqual([row?.auth_success, row?.auth_attempts, isDone], [true, 1, true]);
});

test('refusals of the same size are failed attempts, the first tells only the methods', () => {
  const refusal = [`>${sealed(84)}`, `<${sealed(68)}`];
  const start = [...HELLO, `>${sealed(52)}`, `<${sealed(52)}`, ...refusal];
  assert.equal(play(start).row?.auth_success, undefined);
  const failed = play([...start, ...refusal, ...refusal]).row;
  assert.deepEqual([failed?.auth_success, failed?.auth_attempts], [false, 2]);
  const { row } = play([...start, ...refusal, `>${sealed(84)}`, `<${sealed(36)}`]);
  assert.deepEqual([row?.auth_success, row?.auth_attempts], [true, 2]);
});

test('a long text before the log-in is no refusal', () => {
  const steps = [`>${sealed(52)}`, `<${sealed(52)}`, `<${sealed(400)}`, `<${sealed(68)}`, `<${sealed(68)}`];
  assert.equal(play([...HELLO, ...steps]).row?.auth_attempts, 1);
});

test('what follows the new keys in one segment counts as encrypted', () => {
  const steps = [
    HELLO[0]!,
    HELLO[1]!,
    HELLO[2]!,
    `>${NEWKEYS}${sealed(52)}`,
    `<${sealed(52)}`,
    `<${sealed(36)}`,
  ];
  assert.equal(play(steps).row?.auth_success, true);
});

test('compressed sizes tell nothing', () => {
  const zlib = kexInit('a', 'b', 'c', 'c', 'd', 'd', 'zlib@openssh.com', 'zlib@openssh.com');
  const steps = [
    `>${BANNER}${zlib}${NEWKEYS}`,
    `<${BANNER}${zlib}${NEWKEYS}`,
    `>${sealed(52)}`,
    `<${sealed(52)}`,
  ];
  const { row, isDone } = play([...steps, `<${sealed(36)}`]);
  assert.deepEqual([row?.auth_success, row?.compression_alg, isDone], [undefined, 'zlib@openssh.com', true]);
});

test('a long session is not watched for ever', () => {
  const { isDone } = play([
    ...HELLO,
    `>${sealed(52)}`,
    ...Array.from({ length: 1000 }, (_, i) => `<${sealed(100 + i)}`),
  ]);
  assert.equal(isDone, true);
});

test('algorithms may differ by direction or not be found at all', () => {
  const client = kexInit('a', 'b', 'c1', 'c2', 'd', 'd', 'none', 'none');
  const server = kexInit('x', 'b', 'c1', 'c2', 'd', 'd', 'none', 'none');
  const { row } = play([`>${BANNER}${client}`, `<${BANNER}${server}`]);
  assert.equal(row?.cipher_alg, 'To server: c1, to client: c2');
  assert.equal(row?.kex_alg, 'Algorithm negotiation failed');
});

test('the host key comes with another message in other key exchanges', () => {
  const kinds = [
    ['diffie-hellman-group-exchange-sha256', '21'],
    ['rsa2048-sha256', '1e'],
  ] as const;
  for (const [kex, type] of kinds) {
    const offer = kexInit(kex, 'b', 'c', 'c', 'd', 'd', 'none', 'none');
    const steps = [`>${BANNER}${offer}`, `<${BANNER}${offer}`, `<${packet(type, string(digits('key')))}`];
    assert.ok(play(steps).row?.host_key?.startsWith('SHA256:'));
  }
});

test('the version is the highest that both speak', () => {
  const version = (client: string, server: string) =>
    play([`>${digits(`${client}\n`)}`, `<${digits(`${server}\n`)}`]).row?.version;
  assert.equal(version('SSH-1.99-a', 'SSH-2.0-b'), 2);
  assert.equal(version('SSH-1.99-a', 'SSH-1.99-b'), 2);
  assert.equal(version('SSH-1.5-a', 'SSH-1.99-b'), 1);
  assert.equal(version('SSH-1.5-a', 'SSH-2.0-b'), undefined);
  assert.equal(version('SSH-9-a', 'SSH-2.0-b'), undefined);
});

test('a server may say something before its version', () => {
  const { row } = play([`>${BANNER}`, `<${digits('welcome\r\nto\r\nSSH-2.0-b\r\n')}`]);
  assert.equal(row?.server, 'SSH-2.0-b');
});

test('one side alone gives a record without a version', () => {
  const { row, confirmed } = play([`<${BANNER}`], { local_orig: false });
  assert.deepEqual([row?.version, row?.client, row?.direction], [undefined, undefined, 'INBOUND']);
  assert.deepEqual(confirmed, []);
});

test('what is no SSH is refused, and weird once both versions were seen', () => {
  assert.equal(play([`>${digits('GET / HTTP\n')}`]).streams['>'].isRefused, true);
  assert.equal(play([`<${'61'.repeat(9000)}`]).streams['<'].isRefused, true);
  const both = [`>${BANNER}`, `<${BANNER}`];
  for (const broken of ['ffffffff00', packet('14', '00'.repeat(16), u32(99)), packet('14')]) {
    assert.deepEqual(play([...both, `>${broken}`]).weirds, ['ssh_invalid_packet']);
  }
  const cut = play([`>${BANNER}${CLIENT}`, `<${BANNER}${SERVER}${packet('1f', u32(99))}`]);
  assert.deepEqual(cut.weirds, ['ssh_invalid_packet']);
});

test('a gap ends it with what was seen', () => {
  const told = connection({ proto: 'tcp' });
  const session = ssh.open(told);
  session.feed(hex(BANNER), true);
  session.gap?.(10, true);
  assert.equal(session.done, true);
  assert.equal(told.records.length, 1);
});

test('probes know a version, also behind other text at its own port, and refuse the rest', () => {
  assert.equal(ssh.probe(ascii('SSH-2.0-x'), true, 9), 1);
  assert.equal(ssh.probe(ascii('SS'), true, 9), -1);
  assert.ok(ssh.probe(ascii('hello\r\nSSH-2.0-x\r\n'), false, 22) > 0);
  assert.equal(ssh.probe(ascii('hello\r\nSSH-2.0-x\r\n'), false, 80), 0);
  assert.equal(ssh.probe(ascii('GET / HTTP'), true, 22), 0);
  assert.equal(ssh.probe(ascii('ab'), true, 22), 0);
});

test('bears everything', () => {
  torture(ssh, [BANNER + CLIENT, BANNER + SERVER, REPLY + NEWKEYS, sealed(52), BANNER].map(hex), 2000);
});
