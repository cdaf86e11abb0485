import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Modbus } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { modbus } from './modbus.ts';

const READ = '0007 0000 0006 0a 03 0005 0002';
const ANSWER = '0007 0000 0007 0a 03 04 00090018';
const REFUSAL = '0008 0000 0003 0a 83 02';

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 502 });
  const session = modbus.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  return { ...told, session, streams, rows: told.records as Modbus[] };
}
const functions = (rows: readonly Modbus[]) => rows.map(({ pdu_type, func }) => `${pdu_type} ${func}`);

test('requests, answers and refusals are rows of their own', () => {
  const { rows, confirmed } = play([`>${READ}`, `<${ANSWER}`, `<${REFUSAL}`]);
  assert.deepEqual(confirmed, ['']);
  assert.deepEqual(rows[0], {
    kind: 'modbus',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 502,
    tid: 7,
    unit: 10,
    func: 'READ_HOLDING_REGISTERS',
    pdu_type: 'REQ',
  });
  assert.deepEqual(functions(rows).slice(1), [
    'RESP READ_HOLDING_REGISTERS',
    'RESP READ_HOLDING_REGISTERS_EXCEPTION',
  ]);
  assert.equal(rows[2]?.exception, 'ILLEGAL_DATA_ADDRESS');
});

test('codes without a name are told by number', () => {
  const { rows } = play(['>0001 0000 0002 01 1d', '<0001 0000 0003 01 9d 63']);
  assert.deepEqual(functions(rows), ['REQ unknown-29', 'RESP unknown-157']);
  assert.equal(rows[1]?.exception, 'unknown-99');
});

test('messages may be cut anywhere, and several may come at once', () => {
  const both = hex(READ + READ);
  const { session, rows } = play([]);
  const stream = new Stream(session, true);
  for (let i = 0; i < both.length; i += 5) stream.push(both.subarray(i, i + 5));
  assert.equal(rows.length, 2);
});

test('an exception waits for its code', () => {
  const refusal = REFUSAL.replaceAll(' ', '');
  assert.equal(play([`>${READ}`, `<${refusal.slice(0, 16)}`]).rows.length, 1);
  assert.equal(play([`>${READ}`, `<${refusal.slice(0, 16)}`, `<${refusal.slice(16)}`]).rows.length, 2);
});

test('after broken bytes and gaps it finds back, but not for ever', () => {
  const { rows, session, streams } = play([`>${READ}`, '>ffffffffffffffffff', `>${READ}`]);
  assert.equal(rows.length, 2);
  streams['>'].push(hex('0007 0000 0020 0a 03'));
  session.gap?.(100, true);
  streams['>'].push(hex(READ));
  assert.equal(rows.length, 4);
  for (let i = 0; i < 8; i++) streams['>'].push(hex('ffffffffffffffffff'));
  assert.equal(session.done, true);
});

test('what begins otherwise is refused', () => {
  assert.equal(play(['>474554202f20485454']).streams['>'].isRefused, true);
  assert.equal(play(['>0001 0000 0003 01 81 01']).streams['>'].isRefused, true);
});

test('on its port the header is enough, elsewhere the data has to fit', () => {
  const probe = (text: string, port: number, isRequest = true) => modbus.probe(hex(text), isRequest, port);
  assert.equal(probe('0001 0000 0002 01 1d', 502), 0.9);
  assert.equal(probe('0001 0000 0009 01 1d', 502), 0);
  assert.equal(probe('0001 0000 0002 01 1d', 5000), 0);
  assert.equal(probe(READ, 5000), 0.5);
  assert.equal(probe(ANSWER, 5000, false), 0.5);
  assert.equal(probe('0001 0000 0004 01 01 01 00', 5000, false), 0.5);
  assert.equal(probe('0001 0000 0006 01 01 0000 0010', 5000), 0.5);
  assert.equal(probe('0001 0000 0006 01 05 0000 ff00', 5000), 0.5);
  assert.equal(probe('0001 0000 0006 01 05 0000 ff01', 5000), 0);
  assert.equal(probe('0001 0000 0006 01 06 0000 ff01', 5000), 0.5);
  assert.equal(probe('0001 0001 0006 01 06 0000 ff01', 502), 0);
  assert.equal(probe('0001', 502), 0);
});

test('bears everything', () => {
  torture(modbus, [READ, ANSWER, REFUSAL].map(hex), 1000);
});
