import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreOf } from '@thymus/core';
import { EXAMPLES, PING_SWEEP } from '../fixtures/examples.ts';
import { quietDays, run } from '../fixtures/records.ts';
import { MODELS } from './index.ts';

const FOLDERS = new Set([
  'Anomalous Connection',
  'Anomalous File',
  'Anomalous Server Activity',
  'Compliance',
  'Compromise',
  'Device',
  'Unusual Activity',
  'User',
]);

test('models have names of their own in known folders, descriptions, advice and techniques of ATT&CK', () => {
  assert.equal(new Set(MODELS.map((m) => m.name)).size, MODELS.length);
  for (const model of MODELS) {
    assert.ok(FOLDERS.has(model.name.split('::')[0]!), model.name);
    assert.ok(model.description.length > 60, model.name);
    assert.ok(model.action.length > 10, model.name);
    for (const technique of model.mitre.techniques) assert.match(technique, /^T\d{4}(\.\d{3})?$/, model.name);
    assert.equal(model.compliance ?? false, model.name.startsWith('Compliance::'), model.name);
  }
});

test('every model has an example, and every example a model', () => {
  assert.deepEqual(Object.keys(EXAMPLES).sort(), MODELS.map((m) => m.name).sort());
});

test('four quiet weeks breach nothing', () => {
  assert.deepEqual(
    run(quietDays(28)).breaches.map((b) => b.model.name),
    [],
  );
});

for (const model of MODELS) {
  test(`${model.name} breaches on its example, with an explanation from which the score recomputes`, () => {
    const { breaches } = run(EXAMPLES[model.name]!);
    const breach = breaches.find((b) => b.model.name === model.name);
    assert.ok(breach, `only ${breaches.map((b) => b.model.name).join(', ') || 'nothing'}`);
    assert.deepEqual(scoreOf(breach.parts), { score: breach.score, pbscore: breach.pbscore });
    assert.ok(breach.score > 0 && breach.score <= 1);
    assert.equal(breach.parts.priority, model.priority);
    assert.equal(breach.suppressed, model.priority === 0);
    assert.ok(breach.components.length > 0);
    for (const component of breach.components) {
      const declared = model.components[component.index]!;
      assert.ok(component.size > declared.threshold);
      assert.equal(component.threshold, declared.threshold);
      assert.ok(component.evidence.from <= component.evidence.to);
      assert.ok(component.evidence.uids.length <= 50);
      if (!declared.logic) assert.equal(component.filters.length, declared.filters.length);
    }
  });
}

test('a sweep by ping is a scan although every host answers', () => {
  assert.ok(run(PING_SWEEP).breaches.some((b) => b.model.name === 'Device::Network Scan'));
});
