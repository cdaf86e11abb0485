import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceQuery, evidenceSearch, searchLink } from './evidence.ts';
import type { Explanation } from './why.ts';

const breach = (uids: string[], endpoint?: string): Explanation => ({
  pbid: 1,
  did: 1,
  time: 1_000_000,
  score: 0.5,
  pbscore: 0.5,
  parts: {
    priority: 3,
    base: 0.5,
    probability: 1,
    behaviour: 'flat',
    deviceRepeats: 0,
    networkRepeats: 0,
    learningFactor: 1,
  },
  components: [
    {
      index: 0,
      cid: 1,
      metric: 'm',
      label: 'M',
      unit: '',
      time: 1_000_000,
      size: 1,
      threshold: 0,
      interval: 60,
      filters: [],
      evidence: endpoint
        ? { from: 1_000_000, to: 1_000_000, uids, endpoint }
        : { from: 1_000_000, to: 1_000_000, uids },
    },
  ],
  model: { name: 'A', description: '', action: '', changed: false },
  suppressed: false,
  learning: false,
  delayed: false,
});

test('named connections are shown and nothing else', () => {
  const found = evidenceSearch(breach(['C1', 'C2']), ['10.0.0.1']);
  assert.deepEqual(found, {
    q: '@fields.uid:"C1" OR @fields.uid:"C2"',
    from: 940_000,
    to: 1_060_000,
    isExact: true,
  });
});

test('without connections the window between device and endpoint is shown', () => {
  const found = evidenceSearch(breach([], 'evil.example'), ['10.0.0.1']);
  assert.equal(found.q, '(@fields.source_ip:"10.0.0.1" OR @fields.dest_ip:"10.0.0.1") AND "evil.example"');
  assert.equal(found.isExact, false);
  assert.equal(evidenceSearch(breach([]), ['10.0.0.1']).q, deviceQuery(['10.0.0.1']));
});

test('a device without address leaves the window alone', () => {
  assert.equal(evidenceSearch(breach([], 'evil.example'), []).q, '');
});

test('the link shows the same window', () => {
  assert.deepEqual(searchLink({ q: 'x', from: 0, to: 5000 }), {
    q: 'x',
    range: undefined,
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-01T00:00:05.000Z',
  });
});
