import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSearch, stringifySearch } from '../../lib/url-state.ts';
import { DEFAULT_MIN, filterOf, traySearch } from './tray-search.ts';

test('a link survives reading and writing', () => {
  const search = traySearch({
    min: '0',
    pivot: 'device',
    cat: 'Critical,Suspicious',
    ack: '1',
    sup: '1',
    q: 'ws-1',
  });
  assert.deepEqual(traySearch(parseSearch(stringifySearch({ ...search }))), search);
  assert.deepEqual(filterOf(search), {
    min: 0,
    categories: ['Critical', 'Suspicious'],
    text: 'ws-1',
    showAcknowledged: true,
    showSuppressed: true,
  });
});

test('nonsense is clamped or dropped', () => {
  assert.equal(traySearch({ min: '200' }).min, 100);
  const search = traySearch({ min: 'x', pivot: 'planet', cat: 'None', q: {} });
  assert.equal(stringifySearch({ ...search }), '');
  assert.equal(filterOf(search).min, DEFAULT_MIN);
});
