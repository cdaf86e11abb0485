import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dnp3 } from '@thymus/core';
import { checksum } from './dnp3/checksum.ts';
import { dnp3 } from './dnp3.ts';
import { connection, hex, Stream, torture } from './harness.ts';

/** Bytes with their checksum. */
function sealed(text: string): string {
  const bytes = hex(text);
  const crc = checksum(bytes, 0, bytes.length);
  return Buffer.from(bytes).toString('hex') + Buffer.of(crc & 255, crc >> 8).toString('hex');
}

/** A frame with data that begins with the transport byte. */
function frame(data: string): string {
  const bytes = data.replaceAll(' ', '');
  const blocks = bytes.match(/.{1,32}/g) ?? [];
  const length = (bytes.length / 2 + 5).toString(16).padStart(2, '0');
  return sealed(`0564${length}c401000200`) + blocks.map(sealed).join('');
}

const READ = frame('c0 c1 01 3c0106');
const RESPONSE = frame('c0 c1 81 9000 3402');
const UNSOLICITED = frame('c0 f1 82 1000');

function play(steps: string[], proto: 'tcp' | 'udp' = 'tcp') {
  const told = connection({ proto, dest_port: 20_000 });
  const session = dnp3.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  session.close?.();
  const rows = (told.records as Dnp3[]).map(({ fc_request, fc_reply, iin }) => [fc_request, fc_reply, iin]);
  return { ...told, rows, streams };
}

test('a request waits for its reply; an unsolicited reply stands alone', () => {
  const { rows, confirmed } = play([`<${UNSOLICITED}`, `>${READ}`, `<${RESPONSE}`]);
  assert.deepEqual(confirmed, ['dnp3_tcp']);
  assert.deepEqual(rows, [
    [undefined, 'UNSOLICITED_RESPONSE', 0x1000],
    ['READ', 'RESPONSE', 0x9000],
  ]);
});

test('a request without a reply is told at the end, and a later one takes its place', () => {
  assert.deepEqual(play([`>${READ}`, `>${frame('c0 c1 0e')}`], 'udp').rows, [
    ['WARM_RESTART', undefined, undefined],
  ]);
  assert.deepEqual(play([`>${READ}`], 'udp').confirmed, ['dnp3_udp']);
  assert.deepEqual(play([`>${frame('c0 c1 63')}`]).rows, [['unknown-99', undefined, undefined]]);
});

test('later segments of a message and frames without data are no messages', () => {
  const { rows } = play([`>${frame('40 c1 02')}`, `>${frame('81 c1 01')}`, `>${frame('')}`]);
  assert.deepEqual(rows, [['WRITE', undefined, undefined]]);
});

test('frames may be cut anywhere', () => {
  const bytes = hex(frame(`c0 c1 02 ${'00'.repeat(60)}`) + READ);
  const session = dnp3.open(connection({ proto: 'tcp' }));
  const stream = new Stream(session, true);
  for (let i = 0; i < bytes.length; i += 7) stream.push(bytes.subarray(i, i + 7));
  assert.equal(stream.isRefused, false);
});

test('wrong checksums and lost beginnings are weird and end it', () => {
  const broken = READ.slice(0, -2) + (READ.endsWith('00') ? '01' : '00');
  assert.deepEqual(play([`>${READ}`, `>${broken}`]).weirds, ['dnp3_corrupt_app_chunk_checksum']);
  assert.deepEqual(play([`>${READ}`, '>0564051122334455667788']).weirds, ['dnp3_corrupt_header_checksum']);
  const { weirds, streams } = play([`>${READ}`, `>${'41'.repeat(10)}`]);
  assert.deepEqual(weirds, ['dnp3_header_lacks_magic']);
  assert.equal(streams['>'].isRefused, true);
});

test('it is known by magic and checksum alone', () => {
  assert.equal(dnp3.probe(hex(READ), true, 1), 1);
  assert.equal(dnp3.probe(hex('05'), true, 20_000), -1);
  assert.equal(dnp3.probe(hex('0501'), true, 20_000), 0);
  assert.equal(dnp3.probe(hex('05640511223344556677'), true, 20_000), 0);
  assert.equal(dnp3.begins?.(5), true);
});

test('bears everything', () => {
  torture(dnp3, [READ, RESPONSE, UNSOLICITED].map(hex), 500);
});
