import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ABOUT } from './about.ts';
import { DISSECTORS } from './dissectors/index.ts';

test('every dissector is described', () => {
  const missing = DISSECTORS.filter(({ name }) => ABOUT[name] === undefined).map(({ name }) => name);
  assert.deepEqual(missing, []);
});
