import assert from 'node:assert/strict';
import { test } from 'node:test';
import { children, context, derAt, derInteger, derOid, derTime, tagged } from './der.ts';
import { hex } from './harness.ts';

const der = (text: string) => derAt(hex(text));
const time = (tag: string, text: string) => {
  const length = text.length.toString(16).padStart(2, '0');
  return derTime(der(`${tag}${length}${Buffer.from(text).toString('hex')}`));
};

test('a sequence gives its values in order', () => {
  const list = children(der('30 06 020105 040161'));
  assert.deepEqual(
    list.map((d) => [d.tag, d.from, d.to]),
    [
      [2, 4, 5],
      [4, 7, 8],
    ],
  );
});

test('long lengths are read, lengths past the end and without an end are refused', () => {
  assert.equal(der(`30 8180 ${'00'.repeat(128)}`)?.to, 131);
  assert.equal(der('30 05 0201'), undefined);
  assert.equal(der('30 80 0000'), undefined);
  assert.equal(der('30 85 0000000000'), undefined);
  assert.equal(der('bf 8101 00'), undefined);
  assert.equal(derAt(new Uint8Array(0)), undefined);
});

test('children stop at the first broken value and at the cap', () => {
  assert.equal(children(der('30 06 020105 020961')).length, 1);
  assert.equal(children(der('30 06 020105 020105'), 1).length, 1);
  assert.deepEqual(children(undefined), []);
});

test('an explicit tag gives what it wraps', () => {
  const list = children(der('30 05 a1 03 020107'));
  assert.equal(list[0]?.tag, context(1));
  assert.equal(derInteger(tagged(list, 1)), 7);
  assert.equal(tagged(list, 2), undefined);
});

test('integers keep their sign; what is none or too large is refused', () => {
  assert.equal(derInteger(der('0201ff')), -1);
  assert.equal(derInteger(der('02020100')), 256);
  assert.equal(derInteger(der('0200')), undefined);
  assert.equal(derInteger(der('0207 01000000000000')), undefined);
  assert.equal(derInteger(der('040101')), undefined);
});

test('object identifiers are written with dots', () => {
  assert.equal(derOid(der('0609 2a864886f70d01010b')), '1.2.840.113549.1.1.11');
  assert.equal(derOid(der('0603 883703')), '2.999.3');
  assert.equal(derOid(der('0609 ffffffffffffffff7f')), '');
  assert.equal(derOid(der('0600')), '');
});

test('times are read with and without century, seconds, fraction and zone', () => {
  assert.equal(time('17', '991231235959Z'), Date.UTC(1999, 11, 31, 23, 59, 59));
  assert.equal(time('17', '4912312359Z'), Date.UTC(2049, 11, 31, 23, 59));
  assert.equal(time('18', '20370913024805Z'), Date.UTC(2037, 8, 13, 2, 48, 5));
  assert.equal(time('18', '20000229120000.25+0130'), Date.UTC(2000, 1, 29, 10, 30, 0, 250));
  assert.equal(time('18', '19700101000000Z'), 0);
});

test('what is no time is refused', () => {
  assert.equal(time('17', '991331235959Z'), undefined);
  assert.equal(time('18', 'tomorrow'), undefined);
  assert.equal(derTime(der('020101')), undefined);
});
