import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Nfs } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { nfs } from './nfs.ts';

const u32 = (...numbers: number[]) => numbers.map((n) => n.toString(16).padStart(8, '0')).join('');
const opaque = (text: string) => u32(text.length / 2) + text + '00'.repeat(-(text.length / 2) & 3);
const string = (text: string) => opaque(Buffer.from(text).toString('hex'));

const NFS = 100_003;
const MOUNT = 100_005;
const PORTMAP = 100_000;
const CALLER = u32(1) + opaque(u32(7) + string('pc') + u32(1000, 100, 0));
const call = (xid: number, program: number, version: number, procedure: number, held = '', caller = CALLER) =>
  u32(xid, 0, 2, program, version, procedure) + caller + u32(0, 0) + held;
const reply = (xid: number, held: string) => u32(xid, 1, 0, 0, 0, 0) + held;
const marked = (text: string) => u32(0x8000_0000 + text.length / 2) + text;

const ROOT = opaque('aa'.repeat(8));
const FILE = opaque('bb'.repeat(8));
const LOOKUP = call(1, NFS, 3, 3, ROOT + string('plan.txt'));
const LOOKED_UP = reply(1, u32(0) + FILE);

function play(steps: string[], proto: 'udp' | 'tcp' = 'udp') {
  const told = connection({ proto, dest_port: 2049 });
  const session = nfs.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  const results = steps.map((step) => {
    const bytes = hex(step.slice(1));
    if (proto === 'udp') return session.feed(bytes, step[0] === '>');
    streams[step[0] as '>' | '<'].push(bytes);
    return streams[step[0] as '>' | '<'].isRefused ? -1 : 0;
  });
  const before = told.records.length;
  session.close?.();
  return { ...told, told, session, streams, rows: told.records as Nfs[], before, results };
}
const shortly = (rows: readonly Nfs[]) =>
  rows.map(({ procedure, name, target, status }) =>
    [procedure, name, target, status].filter((x) => x !== undefined).join(' '),
  );

test('a name is told with its caller and the outcome, and stands for its handle from then on', () => {
  const { rows, confirmed } = play([
    `>${LOOKUP}`,
    `<${LOOKED_UP}`,
    `>${call(2, NFS, 3, 6, FILE + u32(0, 0, 4096))}`,
    `<${reply(2, u32(13))}`,
    `>${call(3, NFS, 3, 6, FILE + u32(0, 4096, 4096))}`,
  ]);
  assert.deepEqual(confirmed, ['nfs']);
  assert.deepEqual(rows[0], {
    kind: 'nfs',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 2049,
    program: 'nfs',
    version: 3,
    procedure: 'LOOKUP',
    name: 'plan.txt',
    handle: 'aa'.repeat(8),
    user_id: 1000,
    machine: 'pc',
    rtt: 0,
    status: 'OK',
  });
  assert.deepEqual(shortly(rows).slice(1), ['READ plan.txt ACCES']);
});

test('changes are told each time, with both names', () => {
  const attributes = u32(1, 0o777, 0, 0, 1, 0, 5, 2, 1, 2, 0);
  const { rows } = play([
    `>${call(1, NFS, 3, 14, ROOT + string('a') + ROOT + string('b'))}`,
    `>${call(2, NFS, 3, 15, FILE + ROOT + string('link'))}`,
    `>${call(3, NFS, 3, 10, ROOT + string('soft') + attributes + string('/etc'))}`,
    `>${call(4, NFS, 3, 9, ROOT + string('new'))}`,
    `<${reply(4, u32(0, 1) + FILE)}`,
    `>${call(5, NFS, 3, 2, FILE)}`,
    `>${call(6, NFS, 3, 2, FILE)}`,
    `>${call(7, NFS, 3, 1, FILE)}`,
    `>${call(8, NFS, 2, 9, '11'.repeat(32) + string('old'))}`,
  ]);
  assert.deepEqual(shortly(rows), [
    'MKDIR new OK',
    'RENAME a b',
    'LINK link',
    'SYMLINK soft /etc',
    'SETATTR new',
    'SETATTR new',
    'CREATE old',
  ]);
});

test('mounts and the port mapper tell what is asked for and found', () => {
  const { rows } = play([
    `>${call(1, MOUNT, 3, 1, string('/srv'))}`,
    `<${reply(1, u32(13))}`,
    `>${call(2, MOUNT, 3, 5)}`,
    `<${reply(2, u32(0))}`,
    `>${call(3, PORTMAP, 2, 3, u32(NFS, 3, 6, 0))}`,
    `<${reply(3, u32(2049))}`,
    `>${call(4, PORTMAP, 4, 3, u32(MOUNT, 3) + string('udp6'))}`,
    `<${reply(4, string('::.8.1'))}`,
    `>${call(5, PORTMAP, 2, 4)}`,
    `>${call(6, PORTMAP, 2, 5, u32(4711, 1))}`,
    `>${call(7, PORTMAP, 2, 1, u32(NFS, 3, 99, 0))}`,
    `>${call(8, MOUNT, 1, 0)}`,
    `>${call(9, PORTMAP, 2, 0)}`,
  ]);
  assert.deepEqual(shortly(rows), [
    'MNT /srv ACCES',
    'EXPORT OK',
    'GETPORT nfs 3 tcp 2049 OK',
    'GETADDR mount 3 udp6 ::.8.1 OK',
    'DUMP',
    'CALLIT 4711 1',
    'SET nfs 3 99',
  ]);
  assert.deepEqual(play([`>${call(1, MOUNT, 3, 0)}`, `<${reply(1, '')}`]).confirmed, ['mount']);
});

test('the operations of version 4 are followed as far as they are known', () => {
  const compound = (count: number, ...operations: string[]) =>
    call(1, NFS, 4, 1, string('') + u32(0, count) + operations.join(''));
  const state = '00'.repeat(16);
  const none = u32(0) + opaque('');
  const open = (how: string, claim: string) => u32(18, 0, 1, 0, 0, 0) + string('owner') + how + claim;
  const { rows } = play([
    `>${compound(
      14,
      u32(53) + '00'.repeat(32),
      u32(22) + ROOT,
      u32(9, 1, 0xff),
      u32(15) + string('dir'),
      u32(10),
      u32(28) + string('gone'),
      u32(29) + string('a') + string('b'),
      u32(11) + string('l'),
      u32(6, 5) + string('/etc') + string('s') + none,
      u32(6, 3, 1, 1) + string('dev') + none,
      open(u32(1, 0) + none, u32(0) + string('made')),
    )}`,
    `<${reply(1, u32(0))}`,
  ]);
  assert.deepEqual(shortly(rows), [
    'LOOKUP dir OK',
    'REMOVE gone OK',
    'RENAME a b OK',
    'LINK l OK',
    'SYMLINK s /etc OK',
    'CREATE dev OK',
    'CREATE made OK',
  ]);
  const more = play([
    `>${compound(
      9,
      u32(22) + FILE,
      open(u32(1, 3) + '00'.repeat(8) + none, u32(1)),
      open(u32(0), u32(0) + string('plain')),
      u32(25) + state + u32(0, 0, 10),
      u32(26) + '00'.repeat(24) + u32(0),
      u32(34) + state + none,
      u32(38) + state + u32(0, 0, 2),
      u32(60),
    )}`,
  ]);
  assert.deepEqual(shortly(more.rows), ['CREATE', 'OPEN plain', 'READ', 'READDIR', 'SETATTR', 'WRITE']);
  assert.deepEqual(play([`>${compound(1, u32(9, 99))}`]).rows, []);
  assert.deepEqual(play([`>${call(1, NFS, 4, 0)}`]).rows, []);
});

test('over TCP records are marked, may be cut, split in fragments, and long', () => {
  const half = LOOKUP.length / 2 - ((LOOKUP.length / 2) % 2);
  const write = call(5, NFS, 3, 7, FILE + u32(0, 0, 8000, 0, 8000) + '00'.repeat(8000));
  const split = u32(half / 2) + LOOKUP.slice(0, half) + u32(0x8000_0000 + 4) + u32(0);
  const { rows, session, streams } = play(
    [`>${marked(LOOKUP).slice(0, 30)}`, `>${marked(LOOKUP).slice(30)}${marked(write).slice(0, 9000)}`],
    'tcp',
  );
  session.gap?.(3_000, true);
  assert.equal(session.done, false);
  streams['<'].push(hex(split));
  session.gap?.(3_000, true);
  assert.equal(session.done, true);
  assert.deepEqual(shortly(rows), ['LOOKUP plan.txt', 'WRITE']);
});

test('a refused call and other callers', () => {
  const anonymous = call(1, MOUNT, 3, 1, string('/srv'), u32(0, 0));
  const { rows } = play([`>${anonymous}`, `<${u32(1, 1, 1, 0)}`]);
  assert.deepEqual([rows[0]?.status, rows[0]?.user_id], ['REFUSED', undefined]);
});

test('calls that wait are told when there are too many', () => {
  const { before, rows } = play(
    Array.from({ length: 70 }, (_, i) => `>${call(i, NFS, 3, 12, ROOT + string(`f${i}`))}`),
  );
  assert.deepEqual([before, rows.length], [6, 70]);
});

test('what is remembered of files has a bound', () => {
  const steps = Array.from({ length: 1_100 }, (_, i) => [
    `>${call(i, NFS, 3, 3, ROOT + string(`f${i}`))}`,
    `<${reply(i, u32(0) + opaque(i.toString(16).padStart(16, '0')))}`,
  ]).flat();
  assert.equal(play(steps).rows.length, 1_100);
});

test('one call that nobody answers does not prove the protocol', () => {
  assert.deepEqual(play([`>${LOOKUP}`]).confirmed, []);
  assert.deepEqual(play([`>${LOOKUP}`, `>${LOOKUP}`]).confirmed, ['nfs']);
  const { confirmed, results } = play([`>${marked(call(1, NFS, 3, 0))}`, '<000000000003ff8301'], 'tcp');
  assert.deepEqual([confirmed, results.at(-1)], [[], -1]);
});

test('it is known by a call, never by its port', () => {
  assert.equal(nfs.probe(hex(LOOKUP), true, 9), 1);
  assert.equal(nfs.probe(hex(marked(LOOKUP)), true, 9), 1);
  assert.equal(nfs.probe(hex(LOOKED_UP), true, 2049), 0);
  assert.equal(nfs.probe(hex(call(1, 4711, 3, 1)), true, 2049), 0);
  assert.equal(nfs.probe(hex('80'), true, 2049), 0);
  assert.deepEqual(play([`>${u32(1, 2, 3)}`]).results, [-1]);
  assert.deepEqual(play([`>${u32(12, 2, 3)}`], 'tcp').results, [-1]);
});

test('bears everything', () => {
  const samples = [
    LOOKUP,
    LOOKED_UP,
    marked(LOOKUP),
    marked(LOOKED_UP),
    call(1, PORTMAP, 2, 3, u32(NFS, 3, 6, 0)),
  ];
  torture(nfs, samples.map(hex), 1000);
});
