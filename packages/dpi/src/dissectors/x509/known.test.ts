import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
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

test('a certificate is read once; what is none stays none', () => {
  const known = new KnownCertificates();
  const bytes = new X509Certificate(rootCertificates[0]!).raw;
  const certificate = known.read('a', bytes);
  assert.ok(certificate);
  assert.equal(known.read('a', new Uint8Array(0)), certificate);
  assert.equal(known.read('b', new Uint8Array(0)), undefined);
  assert.equal(known.read('b', bytes), undefined);
});

test('the hashes of a certificate are made once', () => {
  const known = new KnownCertificates();
  const digests = known.digests('ff', Uint8Array.of(1));
  assert.equal(known.digests('ff', Uint8Array.of(2)), digests);
  assert.deepEqual([digests.sha256, digests.md5], ['ff', '55a54008ad1ba589aa210d2629c1df41']);
});
