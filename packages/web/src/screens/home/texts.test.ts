import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenReasons, TEXT } from './texts.ts';

test('only reasons that hide something are told', () => {
  const hidden = { acknowledged: 0, suppressed: 1, category: 0, text: 0, belowSlider: 1200, total: 1201 };
  assert.deepEqual(hiddenReasons(hidden, 40), [
    { key: 'belowSlider', text: '1,200 below 40 %' },
    { key: 'suppressed', text: '1 suppressed' },
  ]);
});

test('one is singular', () => {
  assert.equal(TEXT.shownOf(1, 1), '1 of 1 breach');
  assert.equal(TEXT.lower(20, 12), 'Lower to 20 % to see 12 breaches');
});
