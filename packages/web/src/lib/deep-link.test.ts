import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptDeepLinks, normalHash } from './deep-link.ts';

test('the two forms that connectors build lead to our routes', () => {
  assert.equal(normalHash('#modelbreach/12345'), '#/modelbreach/12345');
  assert.equal(normalHash('#aiagroup/g-7'), '#/aiagroup/g-7');
  assert.equal(normalHash('#!/search?q=a'), '#/search?q=a');
});

test('a hash that is in order stays untouched', () => {
  for (const hash of ['', '#', '#/', '#/modelbreach/1?range=7d']) assert.equal(normalHash(hash), undefined);
});

test('a link is rewritten cold and when it is pasted into an open page, without a new history entry', () => {
  const written: string[] = [];
  let listener = () => {};
  const place = {
    location: { hash: '#modelbreach/1' },
    history: { state: null, replaceState: (_: unknown, __: string, url: string) => void written.push(url) },
    addEventListener: (_: string, heard: () => void, capture: boolean) => {
      assert.equal(capture, true);
      listener = heard;
    },
  };
  acceptDeepLinks(place);
  place.location.hash = '#modelbreach/2';
  listener();
  place.location.hash = '#/modelbreach/2';
  listener();
  assert.deepEqual(written, ['#/modelbreach/1', '#/modelbreach/2']);
});
