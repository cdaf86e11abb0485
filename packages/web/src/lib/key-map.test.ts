import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyMap, type KeyPress } from './key-map.ts';

const press = (key: string, extra: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  target: { tagName: 'BODY' },
  ...extra,
});

function recording() {
  const ran: string[] = [];
  const bind = (keys: string, label = keys) => ({ keys, label, run: () => void ran.push(label) });
  return { ran, bind, map: new KeyMap() };
}

test('a sequence runs when its second key follows in time', () => {
  const { ran, bind, map } = recording();
  map.add([bind('g h'), bind('h', 'plain h')]);
  assert.equal(map.press(press('g'), 0), true);
  assert.equal(map.press(press('h'), 1000), true);
  map.press(press('g'), 5000);
  map.press(press('h'), 9000);
  assert.deepEqual(ran, ['g h', 'plain h']);
});

test('the innermost screen wins, and loses its keys when it goes', () => {
  const { ran, bind, map } = recording();
  map.add([bind('e', 'outer')]);
  const remove = map.add([bind('e', 'inner')]);
  map.press(press('e'), 0);
  remove();
  remove();
  map.press(press('e'), 0);
  assert.deepEqual(ran, ['inner', 'outer']);
});

test('letters type in inputs, but Ctrl-K works there', () => {
  const { ran, bind, map } = recording();
  map.add([bind('e'), bind('Ctrl-k')]);
  for (const target of [
    { tagName: 'TEXTAREA' },
    { tagName: 'INPUT', type: 'text' },
    { tagName: 'DIV', isContentEditable: true },
  ])
    assert.equal(map.press(press('e', { target }), 0), false);
  assert.equal(map.press(press('e', { target: { tagName: 'INPUT', type: 'range' } }), 0), true);
  assert.equal(map.press(press('K', { target: { tagName: 'TEXTAREA' }, ctrlKey: true }), 0), true);
  assert.deepEqual(ran, ['e', 'Ctrl-k']);
});

test('keys that nothing is bound to are left to the browser', () => {
  const { bind, map } = recording();
  map.add([bind('e')]);
  assert.equal(map.press(press('q'), 0), false);
  assert.equal(map.press(press('e', { altKey: true }), 0), false);
  assert.equal(map.press(press('Shift'), 0), false);
  assert.equal(map.press(press('e', { target: null }), 0), true);
});

test('the help lists what can be reached, each key once', () => {
  const { bind, map } = recording();
  map.add([bind('e', 'outer'), bind('z')]);
  map.add([bind('e', 'inner')]);
  assert.deepEqual(
    map.reachable.map((b) => b.label),
    ['inner', 'z'],
  );
});
