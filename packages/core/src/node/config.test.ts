import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Type from 'typebox';
import { loadConfig } from './config.ts';
import { Registry, StageMetrics } from './metrics.ts';

const folder = mkdtempSync(join(tmpdir(), 'thymus-config-'));
after(() => rmSync(folder, { recursive: true }));

const schema = Type.Object({
  listen: Type.String({ default: '127.0.0.1:8443' }),
  retention_days: Type.Integer({ default: 30, minimum: 1, maximum: 3650 }),
  vlan_aware: Type.Boolean({ default: false }),
  checksums: Type.Union([Type.Literal('check'), Type.Literal('ignore')], { default: 'ignore' }),
  internal_networks: Type.Array(Type.String(), { default: [] }),
});

function yaml(text: string): string {
  const file = join(folder, 'thymus.yaml');
  writeFileSync(file, text);
  return file;
}

test('flags win over the environment, the environment over the file, the file over defaults', () => {
  const file = yaml('retention_days: 7\nlisten: 0.0.0.0:1\nvlan_aware: true\n');
  const env = { THYMUS_LISTEN: '0.0.0.0:2', THYMUS_INTERNAL_NETWORKS: '10.0.0.0/8, fd00::/8' };
  const config = loadConfig(schema, { file, env, flags: { listen: '0.0.0.0:3', retention_days: undefined } });
  assert.deepEqual(config, {
    listen: '0.0.0.0:3',
    retention_days: 7,
    vlan_aware: true,
    checksums: 'ignore',
    internal_networks: ['10.0.0.0/8', 'fd00::/8'],
  });
});

test('a missing or empty file means defaults', () => {
  assert.equal(loadConfig(schema, { file: join(folder, 'none.yaml') }).retention_days, 30);
  assert.equal(loadConfig(schema, { file: yaml('') }).retention_days, 30);
});

const refusals: [why: string, text: string, expected: RegExp][] = [
  [
    'an unknown key names the nearest',
    'retention_day: 3',
    /no setting retention_day; did you mean retention_days\?/,
  ],
  [
    'a wrong type names what was expected',
    'retention_days: many',
    /retention_days: expected a whole number from 1 to 3650, found "many"/,
  ],
  ['a number out of range is refused', 'retention_days: 0', /from 1 to 3650, found 0/],
  [
    'a word that is not in the list is refused',
    'checksums: maybe',
    /expected "check" or "ignore", found "maybe"/,
  ],
  [
    'a list of the wrong things is refused',
    'internal_networks: [1]',
    /expected a list of texts, found \[1\]/,
  ],
  ['a list instead of keys is refused', '- a', /expected keys and values/],
  ['text that is no YAML is refused', 'a: [', /is not YAML/],
];
for (const [why, text, expected] of refusals) {
  test(why, () => {
    assert.throws(() => loadConfig(schema, { file: yaml(text) }), { code: 'BAD_CONFIG', message: expected });
  });
}

test('the environment and flags are checked like the file and named', () => {
  assert.throws(() => loadConfig(schema, { env: { THYMUS_RETENTION_DAYS: 'x' } }), {
    message: /environment THYMUS_RETENTION_DAYS/,
  });
  assert.throws(() => loadConfig(schema, { env: { THYMUS_VLAN_AWARE: 'yes' } }), {
    message: /expected true or false, found "yes"/,
  });
  assert.throws(() => loadConfig(schema, { flags: { retention_days: '' } }), { message: /--retention-days/ });
});

test('every stage counts what it takes, gives, drops and fails on', async () => {
  const registry = new Registry();
  const metrics = new StageMetrics(registry, 'lake', 'records');
  metrics.in.inc(3);
  metrics.dropped.inc({ reason: 'cap' });
  assert.match(await registry.metrics(), /thymus_lake_records_in_total 3/);
  assert.match(await registry.metrics(), /thymus_lake_records_dropped_total\{reason="cap"\} 1/);
});
