import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accept, complete } from './completion.ts';

const FIELDS = [
  { name: 'dest_ip', aliases: ['id.resp_h'], type: 'addr', kinds: ['conn', 'dns'], doc: 'Responder.' },
  { name: 'dest_port', aliases: [], type: 'port', kinds: ['conn', 'dns'], doc: 'Port.' },
  { name: 'query', aliases: [], type: 'string', kinds: ['dns'], doc: 'Name asked for.' },
];

/** Completes at the bar in the text. */
const at = (text: string) => complete(text.replace('|', ''), text.indexOf('|'), FIELDS);
const texts = (text: string) => at(text).suggestions.map((s) => s.text);

test('a field is found by its start, by a part, and by its other names', () => {
  assert.deepEqual(texts('@fields.dest|'), ['@fields.dest_ip:', '@fields.dest_port:']);
  assert.deepEqual(texts('port|'), ['@fields.dest_port:']);
  assert.deepEqual(texts('@fields.id.resp|'), ['@fields.dest_ip:']);
});

test('an empty box offers the kinds first', () => {
  assert.equal(texts('|')[0], '@type:');
});

test('after a finished clause the operators are offered', () => {
  assert.deepEqual(texts('@type:conn |'), ['AND ', 'OR ', 'NOT ']);
  assert.deepEqual(texts('@type:conn A|'), ['AND ']);
});

test('kinds are values of @type', () => {
  assert.deepEqual(texts('@type:|'), ['conn ', 'dns ']);
  assert.deepEqual(texts('(@type:d|'), ['dns ']);
});

test('values of other fields are asked from the appliance', () => {
  assert.equal(at('@fields.dest_port:4|').valuesOf, 'dest_port');
  assert.equal(at('unheard:4|').valuesOf, undefined);
  assert.deepEqual(texts('unheard:4|'), []);
});

test('blanks and brackets inside quotes are part of the word', () => {
  assert.equal(at('@fields.query:"a (b |').from, '@fields.query:'.length);
  assert.equal(at('@fields.query:"a\\" b |').from, '@fields.query:'.length);
});

test('accepting replaces the word and nothing else', () => {
  const text = '@type:conn AND @fie AND x';
  const completion = complete(text, '@type:conn AND @fie'.length, FIELDS);
  assert.deepEqual(accept(text, completion, '@fields.query:'), {
    query: '@type:conn AND @fields.query: AND x',
    caret: '@type:conn AND @fields.query:'.length,
  });
});
