import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeText, isOn, oneOf, parseSearch, someOf, stringifySearch, wholeNumber } from './url-state.ts';

test('what is written is read again', () => {
  const query = '@fields.uid:"C1" AND dest_port:443 & more=x';
  const text = stringifySearch({ q: query, min: 40, cat: ['Critical', 'Suspicious'], ack: true });
  assert.deepEqual(parseSearch(text), { q: query, min: '40', cat: 'Critical,Suspicious', ack: '1' });
});

test('links stay short: what is unset is left out', () => {
  assert.equal(stringifySearch({ q: '', min: undefined, ack: false, cat: [] }), '');
  assert.equal(stringifySearch({ from: '2026-11-20T00:00:00.000Z' }), '?from=2026-11-20T00:00:00.000Z');
});

test('a number out of bounds is brought inside, a word is replaced', () => {
  assert.equal(wholeNumber('200', 0, 100, 40), 100);
  assert.equal(wholeNumber('-1', 0, 100, 40), 0);
  assert.equal(wholeNumber('high', 0, 100, 40), 40);
  assert.equal(wholeNumber('', 0, 100, 40), 40);
  assert.equal(wholeNumber(['7'], 0, 100, 40), 40);
});

test('only allowed words pass', () => {
  assert.equal(oneOf('device', ['model', 'device'], 'model'), 'device');
  assert.equal(oneOf('__proto__', ['model', 'device'], 'model'), 'model');
  assert.deepEqual(someOf('b,x,a,b', ['a', 'b', 'c']), ['a', 'b']);
  assert.deepEqual(someOf(7, ['a']), []);
});

test('free text is bounded, switches know three spellings', () => {
  assert.equal(freeText('x'.repeat(20), 5), 'xxxxx');
  assert.equal(freeText({}), '');
  assert.equal(freeText(12), '12');
  assert.deepEqual(['1', 'true', true, '0', undefined].map(isOn), [true, true, true, false, false]);
});
