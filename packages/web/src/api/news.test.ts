import assert from 'node:assert/strict';
import { test } from 'node:test';
import { News } from './news.ts';

const breach = (pbid: number, change: 'new' | 'acknowledged' = 'new') => ({
  pbid,
  did: 1,
  name: 'A::B',
  score: 0.5,
  time: 0,
  change,
});

test('new breaches are collected, each once, until the person catches up', () => {
  const news = new News();
  news.begin(1000, 1000);
  news.breach(breach(7));
  news.breach(breach(7));
  news.breach(breach(8));
  assert.deepEqual([...news.now.unseen], [7, 8]);
  news.catchUp();
  assert.equal(news.now.unseen.size, 0);
});

test('relative ranges keep their end while data comes in', () => {
  const news = new News();
  news.begin(1000, 1000);
  news.status({ newest: 5000, now: 5000 });
  news.status({ newest: 4000, now: 5000 });
  news.status({ newest: null, now: 5000 });
  assert.deepEqual([news.now.newest, news.now.anchor, news.now.clock], [5000, 1000, 5000]);
  news.catchUp();
  assert.equal(news.now.anchor, 5000);
});

test('the echo of an own change is no news, the next change of the same breach is', () => {
  const news = new News();
  news.expect(7);
  news.breach(breach(7, 'acknowledged'));
  assert.equal(news.now.isStale, false);
  news.breach(breach(7, 'acknowledged'));
  assert.equal(news.now.isStale, true);
});

test("a colleague's acknowledgement makes lists stale and is no new breach", () => {
  const news = new News();
  let heard = 0;
  const leave = news.subscribe(() => heard++);
  news.breach(breach(7, 'acknowledged'));
  news.state('polling');
  leave();
  news.stale();
  assert.deepEqual([news.now.isStale, news.now.unseen.size, news.now.live, heard], [true, 0, 'polling', 2]);
});
