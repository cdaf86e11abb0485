import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derAt } from '../der.ts';
import { hex } from '../harness.ts';
import { commonName, formatName } from './name.ts';

const der = (text: string) => derAt(hex(text));

test('the last part comes first, parts of one set are joined by plus', () => {
  const country = '310b 3009 0603 550406 13 02 4445';
  const both = '3114 3008 0603 550403 0c 01 61 3008 0603 550407 0c 01 62';
  const name = der(`3023 ${country} ${both}`);
  assert.equal(formatName(name), 'L=b+CN=a,C=DE');
  assert.equal(commonName(name), 'a');
});

const single = (value: string) => {
  const length = (n: number) => n.toString(16).padStart(2, '0');
  const size = value.replaceAll(' ', '').length / 2;
  return formatName(
    der(`30${length(size + 9)} 31${length(size + 7)} 30${length(size + 5)} 0603550403 ${value}`),
  );
};

test('what would break the text is escaped', () => {
  assert.equal(single('0c03 612c62'), 'CN=a\\,b');
  assert.equal(single('0c03 206120'), 'CN=\\ a\\ ');
  assert.equal(single('0c02 2361'), 'CN=\\#a');
  assert.equal(single('0c02 0d0a'), 'CN=\\0D\\0A');
  assert.equal(single('0c02 c3bc'), 'CN=\\C3\\BC');
});

test('wide characters become UTF-8, other types are dumped', () => {
  assert.equal(single('1e04 006100fc'), 'CN=a\\C3\\BC');
  assert.equal(single('1c04 00000061'), 'CN=a');
  assert.equal(single('1c04 ffffffff'), 'CN=\\EF\\BF\\BD');
  assert.equal(single('0201 05'), 'CN=#020105');
});

test('an unknown attribute keeps its number, its value is dumped', () => {
  assert.equal(formatName(der('300c 310a 3008 0603 550463 0c 01 61')), '2.5.4.99=#0C0161');
});

test('no name and a broken one give no text', () => {
  assert.equal(formatName(undefined), '');
  assert.equal(formatName(der('3002 3105')), '');
  assert.equal(commonName(der('3000')), undefined);
});
