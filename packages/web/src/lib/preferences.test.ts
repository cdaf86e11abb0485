import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PreferenceStore, readPreferences } from './preferences.ts';

const DEFAULTS = { theme: 'dark', zone: 'utc', density: 'comfortable', isRailWide: false };
const keeping = (text: string | null) => ({ getItem: () => text, setItem: () => {} });

test('what is broken, foreign or missing becomes the default', () => {
  for (const text of [null, '', '{', '7', 'null', '{"theme":"<b>","zone":7,"isRailWide":"yes"}'])
    assert.deepEqual(readPreferences(keeping(text)), DEFAULTS);
  assert.deepEqual(readPreferences(undefined), DEFAULTS);
});

test('a choice is kept and told', () => {
  let kept = '';
  let heard = 0;
  const store = new PreferenceStore({
    getItem: () => null,
    setItem: (_, value) => {
      kept = value;
    },
  });
  const leave = store.subscribe(() => heard++);
  store.set({ zone: 'local' });
  leave();
  store.set({ theme: 'light' });
  assert.equal(heard, 1);
  assert.deepEqual(readPreferences(keeping(kept)), { ...DEFAULTS, zone: 'local', theme: 'light' });
});

test('a browser that forbids storage still obeys', () => {
  const store = new PreferenceStore({
    getItem: () => {
      throw new Error('denied');
    },
    setItem: () => {
      throw new Error('denied');
    },
  });
  store.set({ theme: 'light' });
  assert.equal(store.now.theme, 'light');
});
