import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dissector } from '../dissector.ts';
import { bacnet } from './bacnet.ts';
import { enip } from './enip.ts';
import { ascii, connection, hex, Stream, torture } from './harness.ts';
import { ike } from './ike.ts';
import { opcUa } from './opc-ua.ts';
import { s7comm } from './s7comm.ts';

const WHO_IS = '81 0b 000c 01 20 ffff 00 ff 10 08';
const FORWARDED = '81 04 0010 0a000001 bac0 01 00 10 08 0001';
const LIST_IDENTITY = `6300 0000 ${'00'.repeat(20)}`;
const REGISTER = `6500 0400 ${'00'.repeat(20)} 0100 0000`;
const SPI = '1122334455667788';
const IKE2 = `${SPI}${'00'.repeat(8)} 21 20 22 08 00000000 0000001c`;
const IKE1 = `${SPI}${'00'.repeat(8)} 01 10 02 00 00000000 0000001c`;
const CONNECT = '03 00 0016 11 e0 0000 0001 00 c1 02 0100 c2 02 0102 c0 01 0a';
const CONFIRM = '03 00 0016 11 d0 0001 0002 00 c0 01 0a c1 02 0100 c2 02 0102';
const SETUP = '03 00 0019 02 f0 80 32 01 0000 0000 0008 0000 f0 00 0001 0001 01e0';

const first = (dissector: Dissector, text: string, port = 9) => dissector.probe(hex(text), true, port);

/** Whether a dissector confirms after these steps. */
function isNamed(dissector: Dissector, steps: string[]): boolean {
  const told = connection({ proto: dissector.transports[0]! });
  const session = dissector.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  return told.confirmed.length > 0;
}

test('BACnet is known by headers that fill the datagram', () => {
  assert.equal(first(bacnet, WHO_IS), 1);
  assert.equal(first(bacnet, FORWARDED), 1);
  assert.equal(first(bacnet, WHO_IS.replace('000c', '000d')), 0);
  assert.equal(first(bacnet, WHO_IS.replace('0b', '0e')), 0);
  assert.equal(first(bacnet, WHO_IS.replace('01 20', '02 20')), 0);
  assert.equal(isNamed(bacnet, [`>${WHO_IS}`]), true);
});

test('EtherNet/IP is known by its encapsulation', () => {
  assert.equal(first(enip, LIST_IDENTITY), 1);
  assert.equal(first(enip, REGISTER), 1);
  assert.equal(first(enip, REGISTER.replace('0400', '0500')), 0);
  assert.equal(first(enip, LIST_IDENTITY.replace('6300', '6200')), 0);
  assert.equal(first(enip, '6300'), 0);
  assert.equal(isNamed(enip, [`>${REGISTER}`]), true);
});

test('OPC UA is known by its Hello', () => {
  const hello = Buffer.from(ascii('HELF')).toString('hex');
  assert.equal(first(opcUa, `${hello}38000000`), 1);
  assert.equal(first(opcUa, `${hello}38000001`), 0);
  assert.equal(first(opcUa, hello), 0);
  assert.equal(first(opcUa, `${Buffer.from(ascii('HELO')).toString('hex')}38000000`), 0);
  assert.equal(opcUa.begins?.(0x48), true);
});

test('IKE is known by its header, also beside ESP', () => {
  assert.equal(first(ike, IKE2), 1);
  assert.equal(first(ike, IKE1), 1);
  assert.equal(first(ike, `00000000${IKE2}`), 1);
  assert.equal(first(ike, IKE2.replace('1c', '1d')), 0);
  assert.equal(first(ike, IKE2.replace(SPI, '00'.repeat(8))), 0);
  assert.equal(first(ike, IKE2.replace('21 20', '21 30')), 0);
  assert.equal(isNamed(ike, [`>${IKE2}`]), true);
});

test('S7 is likely with its connection and certain with its data', () => {
  assert.equal(first(s7comm, CONNECT), 0.4);
  assert.equal(first(s7comm, SETUP), 0.9);
  assert.equal(first(s7comm, '03'), -1);
  assert.equal(first(s7comm, '04'), 0);
  assert.equal(first(s7comm, CONNECT.replace('c2 02', 'c9 02')), 0);
  assert.equal(first(s7comm, CONNECT.replace('0016', '0099')), 0);
  assert.equal(isNamed(s7comm, [`>${CONNECT}`, `<${CONFIRM}`]), false);
  assert.equal(isNamed(s7comm, [`>${CONNECT}`, `<${CONFIRM}`, `>${SETUP}`]), true);
  assert.equal(isNamed(s7comm, [`>${CONNECT}`, `<${CONFIRM}`, '>03 00 0009 02 f0 80 0d 00']), false);
  assert.equal(isNamed(s7comm, [`>${CONNECT}`, '>48454c4f20776f726c64', `>${SETUP}`]), false);
  assert.equal(isNamed(s7comm, [`>${SETUP.slice(0, 20)}`, `>${SETUP.slice(20)}`]), true);
});

test('all of them bear everything', () => {
  const samples = [WHO_IS, FORWARDED, LIST_IDENTITY, REGISTER, IKE1, IKE2, CONNECT, CONFIRM, SETUP].map(hex);
  for (const dissector of [bacnet, enip, opcUa, ike, s7comm]) torture(dissector, samples, 300);
  for (const { begins } of [bacnet, enip, s7comm]) assert.equal(begins?.(0xff), false);
});
