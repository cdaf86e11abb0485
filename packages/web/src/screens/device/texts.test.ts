import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageText } from './texts.ts';

test('a new device says what is used instead of its own past', () => {
  assert.match(stageText('learning', 3), /^being learned: 3 h of activity so far; peers/);
  assert.equal(stageText('mature', 336), 'well known, 14 d of activity learned');
});
