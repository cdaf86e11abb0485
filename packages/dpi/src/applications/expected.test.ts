import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expectations, type Expected } from './expected.ts';

const DATA: Expected = {
  dissector: 'ftp-data',
  dest_ip: '10.0.0.2',
  dest_port: 2_000,
  proto: 'tcp',
  context: 7,
};

test('an announced connection is known once, for as long as the announcement holds', () => {
  const expectations = new Expectations();
  expectations.add(DATA, 0);
  assert.equal(expectations.take('tcp', '10.0.0.1', '10.0.0.2', 2_001, 1), undefined);
  assert.equal(expectations.take('udp', '10.0.0.1', '10.0.0.2', 2_000, 1), undefined);
  assert.equal(expectations.take('tcp', '10.0.0.1', '10.0.0.2', 2_000, 1)?.context, 7);
  assert.equal(expectations.take('tcp', '10.0.0.1', '10.0.0.2', 2_000, 1), undefined);
  expectations.add(DATA, 0);
  assert.equal(expectations.take('tcp', '10.0.0.1', '10.0.0.2', 2_000, 300_001), undefined);
  assert.equal(expectations.size, 0);
});

test('an announcement may name who is to come', () => {
  const expectations = new Expectations();
  expectations.add({ ...DATA, source_ip: '10.0.0.9' }, 0);
  assert.equal(expectations.take('tcp', '10.0.0.1', '10.0.0.2', 2_000, 1), undefined);
  assert.equal(expectations.take('tcp', '10.0.0.9', '10.0.0.2', 2_000, 1)?.dissector, 'ftp-data');
});

test('past the cap the oldest announcement goes', () => {
  const expectations = new Expectations();
  for (let i = 0; i < 5_000; i++) expectations.add({ ...DATA, dest_port: i }, 0);
  assert.equal(expectations.size, 4_096);
  assert.equal(expectations.take('tcp', '', '10.0.0.2', 0, 1), undefined);
  assert.equal(expectations.take('tcp', '', '10.0.0.2', 4_999, 1)?.dest_port, 4_999);
});
