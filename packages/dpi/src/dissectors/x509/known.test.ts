import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownCertificates } from './known.ts';

test('a certificate is new once a day', () => {
  const known = new KnownCertificates();
  assert.equal(known.isNew('a', 0), true);
  assert.equal(known.isNew('a', 86_399_999), false);
  assert.equal(known.isNew('a', 86_400_000), true);
  assert.equal(known.isNew('b', 86_400_000), true);
});

test('the oldest are forgotten when there are too many', () => {
  const known = new KnownCertificates();
  for (let i = 0; i < 65_537; i++) known.isNew(String(i), i);
  assert.equal(known.isNew('65536', 65_537), false);
  assert.equal(known.isNew('0', 65_537), true);
});
