import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clauseFor, quoted, uidQuery, withClause } from './search-text.ts';

test('values cannot break out of their quotes', () => {
  assert.equal(quoted('a" OR "b\\'), '"a\\" OR \\"b\\\\"');
  assert.equal(quoted(443), '443');
  assert.equal(quoted(true), 'true');
  assert.equal(quoted(undefined), '""');
});

test('a clause names its field once, the record type by its own name', () => {
  assert.equal(clauseFor('dest_ip', '10.0.0.1'), '@fields.dest_ip:"10.0.0.1"');
  assert.equal(clauseFor('@fields.dest_port', 443), '@fields.dest_port:443');
  assert.equal(clauseFor('kind', 'conn'), '@type:"conn"');
  assert.equal(clauseFor(undefined, 'evil.example'), '"evil.example"');
  assert.equal(clauseFor('duration', 1500, 'interval'), '@fields.duration:1.5');
});

test('filters narrow what is written, and each is written once', () => {
  assert.equal(withClause('', 'a:1'), 'a:1');
  assert.equal(withClause('x:1', 'a:1', false), 'x:1 AND NOT a:1');
  const once = withClause('x:1', 'a:1');
  assert.equal(withClause(once, 'a:1'), once);
  assert.equal(withClause('a:1 AND x:1', 'a:1'), 'a:1 AND x:1');
});

test('an OR is put in brackets before a filter joins it', () => {
  assert.equal(withClause('a:1 OR b:2', 'c:3'), '(a:1 OR b:2) AND c:3');
  assert.equal(withClause('(a:1 OR b:2)', 'c:3'), '(a:1 OR b:2) AND c:3');
  assert.equal(withClause('a:"this OR that"', 'c:3'), 'a:"this OR that" AND c:3');
});

test('the records of several connections are asked for together', () => {
  assert.equal(uidQuery(['C1', 'C2']), '@fields.uid:"C1" OR @fields.uid:"C2"');
});
