import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutMiddle, defang, partsOf, shown } from './hostile-text.ts';

test('a right-to-left override is named instead of obeyed', () => {
  assert.deepEqual(partsOf('invoice\u202excod.exe'), [
    { text: 'invoice', isMarked: false },
    { text: '⟨U+202E⟩', isMarked: true },
    { text: 'xcod.exe', isMarked: false },
  ]);
});

test('zero-width, control, tag, filler and lone surrogate characters are all named', () => {
  assert.equal(shown('a\u200bb'), 'a⟨U+200B⟩b');
  assert.equal(shown('\u0000\u001b[2J\n'), '⟨U+0000⟩⟨U+001B⟩[2J⟨U+000A⟩');
  assert.equal(shown('\u{e0041}'), '⟨U+E0041⟩');
  assert.equal(shown('\u3164\u2800'), '⟨U+3164⟩⟨U+2800⟩');
  assert.equal(shown('x\ud800'), 'x⟨U+D800⟩');
});

test('ordinary text in any script stays as it is, markup stays text', () => {
  for (const text of ['wärmepumpe', '서버-01', 'مرحبا', '<img src=x onerror=alert(1)>', 'emoji 🦠'])
    assert.deepEqual(partsOf(text), [{ text, isMarked: false }]);
});

test('values that are no strings are written out', () => {
  assert.equal(shown(7), '7');
  assert.equal(shown(undefined), '');
  assert.equal(shown(true), 'true');
});

test('long text loses its middle, never an end, and never half a character', () => {
  assert.equal(cutMiddle('abcdefghij', 7), 'abc…hij');
  assert.equal(cutMiddle('short', 7), 'short');
  assert.equal(cutMiddle('🦠🦠🦠🦠🦠🦠🦠', 5), '🦠🦠…🦠🦠');
  assert.equal(cutMiddle('abcdefghij', -3), 'ab…ij');
});

test('defanged text opens nowhere', () => {
  assert.equal(defang('https://evil.example/a.b'), 'hxxps://evil[.]example/a[.]b');
  assert.equal(defang('192.0.2.7'), '192[.]0[.]2[.]7');
  assert.equal(defang('2001:db8::1'), '2001[:]db8[:][:]1');
  assert.equal(defang('a@b.example'), 'a[@]b[.]example');
});
