import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsHostName } from './host-name.ts';

test('any of the DNS names may fit, letter case and a final dot aside', () => {
  assert.equal(fitsHostName('Www.Example.com.', ['mail.example.com', 'www.example.COM'], undefined), true);
  assert.equal(fitsHostName('www.example.com', ['example.com'], undefined), false);
});

test('a star stands for one whole label, not for part of a public suffix or for none', () => {
  assert.equal(fitsHostName('a.example.com', ['*.example.com'], undefined), true);
  assert.equal(fitsHostName('a.b.example.com', ['*.example.com'], undefined), false);
  assert.equal(fitsHostName('example.com', ['*.example.com'], undefined), false);
  assert.equal(fitsHostName('example.com', ['*.com'], undefined), false);
  assert.equal(fitsHostName('xn--a.example.com', ['*.example.com'], undefined), false);
});

test('the common name counts only where no DNS name is given', () => {
  assert.equal(fitsHostName('a.example', undefined, 'a.example'), true);
  assert.equal(fitsHostName('a.example', ['b.example'], 'a.example'), false);
  assert.equal(fitsHostName('a.example', undefined, undefined), false);
});
