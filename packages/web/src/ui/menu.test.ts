import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MenuStore } from './menu.ts';

test('who listens hears that the menu opened and closed', () => {
  const store = new MenuStore();
  const heard: (string | undefined)[] = [];
  const leave = store.subscribe(() => heard.push(store.now?.title));
  store.show({ x: 1, y: 2, title: '10.0.0.1', items: [] });
  store.show(undefined);
  leave();
  store.show({ x: 1, y: 2, title: 'unheard', items: [] });
  assert.deepEqual(heard, ['10.0.0.1', undefined]);
});
