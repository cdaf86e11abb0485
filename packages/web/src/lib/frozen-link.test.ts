import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frozenLink } from './frozen-link.ts';

test('a copied link carries absolute times in UTC instead of a preset, and keeps the rest', () => {
  const window = { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 21), preset: '24h' } as const;
  assert.equal(
    frozenLink('https://master.example/#/breaches?min=60&range=24h', window),
    'https://master.example/#/breaches?min=60&from=2026-11-20T00:00:00.000Z&to=2026-11-21T00:00:00.000Z',
  );
  assert.match(frozenLink('https://master.example/', window), /#\/\?from=2026-11-20T/);
});
