import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Toasts } from './toasts.ts';

test('a message goes after its time, others stay', () => {
  const timers: (() => void)[] = [];
  const toasts = new Toasts((run) => timers.push(run));
  toasts.show('one');
  toasts.fail('two');
  timers[0]?.();
  assert.deepEqual(
    toasts.list.map((t) => [t.text, t.isError]),
    [['two', true]],
  );
});

test('undo takes back the newest action once', () => {
  const undone: string[] = [];
  const toasts = new Toasts(() => {});
  toasts.show('a', () => undone.push('a'));
  toasts.show('b', () => undone.push('b'));
  toasts.show('only told');
  assert.equal(toasts.undoLast(), true);
  assert.equal(toasts.undoLast(), true);
  assert.equal(toasts.undoLast(), false);
  assert.deepEqual(undone, ['b', 'a']);
});

test('who listens hears every change until leaving; at most four messages stand', () => {
  let heard = 0;
  const toasts = new Toasts(() => {});
  const leave = toasts.subscribe(() => heard++);
  for (let i = 0; i < 6; i++) toasts.show(String(i));
  leave();
  toasts.show('unheard');
  assert.equal(heard, 6);
  assert.deepEqual(
    toasts.list.map((t) => t.text),
    ['3', '4', '5', 'unheard'],
  );
});
