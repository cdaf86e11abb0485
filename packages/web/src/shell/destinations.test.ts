import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destinations } from './destinations.ts';

const keys = (text: string) => destinations(text, [], []).map((d) => d.key);

test('nothing typed offers the areas', () => {
  assert.deepEqual(keys(' '), ['/', '/breaches', '/devices', '/search', '/sysstatus']);
});

test('a number is a breach first', () => {
  assert.deepEqual(keys('#12345'), ['#12345', 'search']);
  assert.equal(destinations('77', [], [])[0]?.to, '/modelbreach/77');
});

test('devices come before areas, breaches of the model and the search of all records', () => {
  const found = destinations(
    'dev',
    [{ did: 4, name: 'dev\u202e-1', detail: '10.0.0.4' }],
    [
      { pbid: 9, name: 'New Device', deviceName: 'x' },
      { pbid: 8, name: 'Beaconing', deviceName: 'dev-1' },
    ],
  );
  assert.deepEqual(
    found.map((d) => [d.kind, d.title]),
    [
      ['device', 'dev⟨U+202E⟩-1'],
      ['command', 'Go to Devices'],
      ['breach', 'New Device'],
      ['search', 'Search all records'],
    ],
  );
});

test('a command can be asked for in words', () => {
  assert.deepEqual(keys('> go to system'), ['/sysstatus', 'search']);
});

test('words are searched as a phrase, the search language as it is', () => {
  const query = (text: string) => destinations(text, [], []).at(-1)?.search?.['q'];
  assert.equal(query('evil.example'), '"evil.example"');
  assert.equal(query('@type:conn AND x'), '@type:conn AND x');
});
