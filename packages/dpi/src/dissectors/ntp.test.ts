import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ntp, NtpControl, NtpPrivate } from '@thymus/core';
import { connection, hex, NOON, torture } from './harness.ts';
import { ntp } from './ntp.ts';

const CLOCKS = 'dbaca3e7 80000000 dbaca3e8 00000000 dbaca3e8 40000000 dbaca3e8 c0000000';
const CLIENT = `e3 00 06 ec 00010000 00008000 00000000 ${'00'.repeat(32)}`;
const SERVER = `24 01 08 ec 00000000 00000041 47505300 ${CLOCKS}`;
const CONTROL = '16 02 0001 0618 0000 0000 0000';
const CONTROL_REPLY = '1e a2 0001 0618 4afd 0000 0004 6a3d3135 0000000a 4142434445464748';
const MONLIST = `17 00 03 2a 0000 0000 ${'00'.repeat(40)}`;

function play(steps: string[], changes = {}) {
  const told = connection({ dest_port: 123, ...changes });
  const session = ntp.open(told);
  const results = steps.map((step) => session.feed(hex(step.slice(1)), step[0] === '>'));
  return { ...told, records: told.records, flips: told.flips, results };
}

test('times, powers of two and the reference are read', () => {
  const { records, confirmed, flips } = play([`>${CLIENT}`, `<${SERVER}`]);
  assert.deepEqual(confirmed, ['']);
  assert.equal(flips, 0);
  assert.deepEqual(records[0], {
    kind: 'ntp',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 123,
    version: 4,
    mode: 3,
    stratum: 0,
    poll: 64_000,
    precision: 1000 / 2 ** 20,
    root_delay: 1000,
    root_disp: 500,
    ref_id: '\0\0\0\0',
    ref_time: 0,
    org_time: 0,
    rec_time: 0,
    xmt_time: 0,
    num_exts: 0,
  });
  const { ref_id, ref_time, xmt_time } = records[1] as Ntp;
  assert.deepEqual([ref_id, ref_time, xmt_time], ['GPS\0', 1_476_535_655_500, 1_476_535_656_750]);
});

test('above the first stratum the reference is an address', () => {
  const { records } = play([`<${SERVER.replace('24 01', '24 02').replace('47505300', '0a000001')}`]);
  assert.equal((records[0] as Ntp).ref_id, '10.0.0.1');
});

test('extension fields are counted, the authenticator is none', () => {
  const extension = `0104 0010 ${'00'.repeat(12)}`;
  const mac = '00'.repeat(20);
  const count = (rest: string) => (play([`>${CLIENT}${rest}`]).records[0] as Ntp).num_exts;
  assert.equal(count(mac), 0);
  assert.equal(count(extension + mac), 1);
  assert.equal(count(extension + extension + mac), 2);
  assert.equal(count(`0104 0002 ${'00'.repeat(30)}`), 0);
  assert.equal(count(`0104 0fff ${'00'.repeat(30)}`), 0);
});

test('an answer that comes first turns the connection around', () => {
  assert.equal(play([`>${SERVER}`, `<${CLIENT}`]).flips, 1);
  assert.equal(play([`>${CLIENT}`, `>${SERVER}`]).flips, 0);
});

test('control messages with their data and authenticator', () => {
  const { records } = play([`>${CONTROL}`, `<${CONTROL_REPLY}`]);
  const [request, reply] = records as NtpControl[];
  assert.deepEqual([request?.op_code, request?.status, request?.data], [2, 0x618, undefined]);
  assert.deepEqual([reply?.resp_bit, reply?.err_bit, reply?.more_bit], [true, false, true]);
  assert.deepEqual([reply?.data, reply?.key_id, reply?.crypto_checksum], ['j=15', 10, 'ABCDEFGH']);
});

test('private messages, monlist above all', () => {
  const { records } = play([`>${MONLIST}`, '<97 81 03 2a 1001 0004 61626364']);
  const [request, reply] = records as NtpPrivate[];
  assert.deepEqual([request?.req_code, request?.implementation, request?.data], [42, 3, undefined]);
  assert.deepEqual([reply?.auth_bit, reply?.sequence, reply?.err, reply?.data], [true, 1, 1, 'abcd']);
});

test('short and reserved messages are refused, later ones passed over', () => {
  assert.deepEqual(play(['>e3000000']).results, [-1]);
  assert.deepEqual(play(['>e0']).results, [-1]);
  assert.deepEqual(play([`>${CLIENT}`, '>']).results, [48, 0]);
});

test('on its port the header is enough, elsewhere it has to be the answer of a server', () => {
  const probe = (text: string, port: number) => ntp.probe(hex(text), true, port);
  assert.equal(probe(CLIENT, 123), 0.8);
  assert.equal(probe(CONTROL, 123), 0.8);
  assert.equal(probe(CLIENT.replace('e3 00', 'e3 40'), 123), 0);
  assert.equal(probe('e300', 123), 0);
  assert.equal(probe(CLIENT, 4000), 0);
  assert.equal(probe(SERVER, 4000), 0.7);
  assert.equal(ntp.begins?.(0xe3), true);
  assert.equal(ntp.begins?.(0x38), false);
});

test('bears everything', () => {
  torture(ntp, [CLIENT, SERVER, CONTROL, CONTROL_REPLY, MONLIST].map(hex), 500);
});
