import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INDICATORS } from '../indicators/index.ts';
import { METRICS } from './index.ts';

test('metrics have numbers, names and labels of their own', () => {
  for (const key of ['mlid', 'name', 'label'] as const) {
    assert.equal(new Set(METRICS.map((m) => m[key])).size, METRICS.length, key);
  }
  for (const metric of METRICS) {
    assert.match(metric.name, /^[a-z]+$/);
    assert.match(metric.doc, /\.$/);
    if (metric.units === 'bytes') assert.ok(metric.quantum! > 1, metric.name);
  }
});

test('metrics that are known from appliances keep their numbers', () => {
  const numbers = new Map(METRICS.map((m) => [m.name, m.mlid]));
  const known = {
    externalconnections: 1,
    internaldatatransfervolume: 4,
    dnsrequests: 11,
    multicasts: 13,
    connections: 16,
    datatransfervolume: 17,
    externalclientdatatransfervolume: 33,
    dtmodelbreach: 234,
  };
  for (const [name, mlid] of Object.entries(known)) assert.equal(numbers.get(name), mlid, name);
});

test('indicators have names of their own and say what they are', () => {
  assert.equal(new Set(INDICATORS.map((i) => i.name)).size, INDICATORS.length);
  for (const { doc, name } of INDICATORS) assert.match(doc, /\.$/, name);
});
