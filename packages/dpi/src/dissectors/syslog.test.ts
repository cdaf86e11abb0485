import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Syslog } from '@thymus/core';
import { ascii, connection, Stream, torture } from './harness.ts';
import { syslog, syslogTcp } from './syslog.ts';

const rowsOf = (records: readonly unknown[]) =>
  (records as Syslog[]).map(({ facility, severity, message }) => `${facility} ${severity} ${message}`);

function datagram(text: string) {
  const told = connection({ dest_port: 514 });
  syslog.open(told).feed(ascii(text), true);
  return { ...told, rows: rowsOf(told.records) };
}

function stream(chunks: string[], fromOriginator = true) {
  const told = connection({ proto: 'tcp', dest_port: 514 });
  const side = new Stream(syslogTcp.open(told), fromOriginator);
  for (const chunk of chunks) side.push(ascii(chunk));
  return { ...told, rows: rowsOf(told.records), side };
}

test('the priority gives facility and severity', () => {
  assert.deepEqual(datagram('<133>Apr 5 host: hello').rows, ['LOCAL0 NOTICE Apr 5 host: hello']);
  assert.deepEqual(datagram('<0>x').rows, ['KERN EMERG x']);
  assert.deepEqual(datagram('<999>x').rows, ['?-124 DEBUG x']);
  assert.deepEqual(datagram('<13>x').confirmed, ['']);
});

test('a message without priority is one, but does not prove the protocol', () => {
  const { rows, confirmed } = datagram('just text');
  assert.deepEqual(rows, ['UNSPECIFIED UNSPECIFIED just text']);
  assert.deepEqual(confirmed, []);
  assert.deepEqual(datagram('<>x').rows, ['UNSPECIFIED UNSPECIFIED <>x']);
});

test('over TCP messages are counted or end with their line, and may be cut', () => {
  assert.deepEqual(stream(['8 <13>abcd<14>li', 'ne\n9', ' <15>', 'efghi']).rows, [
    'USER NOTICE abcd',
    'USER INFO line',
    'USER DEBUG efghi',
  ]);
});

test('the collector says nothing that matters', () => {
  assert.deepEqual(stream(['<13>x\n'], false).rows, []);
});

test('other text, messages without priority and endless ones end it', () => {
  assert.equal(stream(['hello\n']).side.isRefused, true);
  assert.equal(stream(['012 <13>x']).side.isRefused, true);
  assert.equal(stream(['3 abc']).side.isRefused, true);
  assert.equal(stream([`<13>${'x'.repeat(70_000)}`]).side.isRefused, true);
});

test('a priority tells, and the port where there is none', () => {
  assert.equal(syslog.probe(ascii('<13>x'), true, 5000), 0.8);
  assert.equal(syslog.probe(ascii('<999>x'), true, 5000), 0.3);
  assert.equal(syslog.probe(ascii('x'), true, 514), 0.3);
  assert.equal(syslog.probe(ascii('x'), true, 5000), 0);
  assert.equal(syslog.probe(ascii(''), true, 514), 0);
  assert.equal(syslogTcp.probe(ascii('<13>x'), true, 5000), 0.8);
  assert.equal(syslogTcp.probe(ascii('5 <13>x'), true, 5000), 0.8);
  assert.equal(syslogTcp.probe(ascii('12'), true, 514), -1);
  assert.equal(syslogTcp.probe(ascii('12a'), true, 514), 0);
  assert.equal(syslogTcp.probe(ascii('<html>'), true, 514), 0);
  assert.equal(syslogTcp.probe(ascii('<13>x'), false, 514), 0);
  assert.deepEqual(
    [0x3c, 0x30, 0x31, 0x41].map((first) => syslogTcp.begins?.(first)),
    [true, false, true, false],
  );
});

test('bears everything', () => {
  const samples = ['<13>Oct 11 host su: x\n', '12 <13>abcdefgh', 'text'].map(ascii);
  torture(syslog, samples, 300);
  torture(syslogTcp, samples, 300);
});
