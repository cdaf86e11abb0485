import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowStore } from './narrow.ts';

test('a listener hears of the change until it leaves', () => {
  const listeners = new Set<() => void>();
  const media = {
    matches: true,
    addEventListener: (_: 'change', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: 'change', listener: () => void) => void listeners.delete(listener),
  };
  const store = narrowStore(() => media);
  const leave = store.subscribe(() => {});
  assert.deepEqual([store.now(), listeners.size], [true, 1]);
  leave();
  assert.equal(listeners.size, 0);
});
