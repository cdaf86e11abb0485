import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTorShape } from './tor.ts';

test("certificates of Tor's shape are told from others", () => {
  const subject = 'CN=www.bz4kq6nxu5r2.net';
  const issuer = 'CN=www.n7vduf3q2mla.com';
  assert.equal(isTorShape(1, subject, issuer), true);
  assert.equal(isTorShape(2, subject, issuer), false);
  assert.equal(isTorShape(1, subject, subject), false);
  assert.equal(isTorShape(1, 'CN=www.example.org', issuer), false);
  assert.equal(isTorShape(1, `${subject},O=x`, issuer), false);
  assert.equal(isTorShape(1, subject, 'CN=www.n1.com'), false);
  assert.equal(isTorShape(1, 'CN=www.bz4kq6nx.net', 'CN=www.bz4kq6nx.com'), false);
});
