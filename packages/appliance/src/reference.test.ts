import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AsnTable } from './reference/asn-table.ts';
import { suffixList } from './reference/suffixes.ts';
import { loadReference } from './reference.ts';

const CSV = [
  '16777216,16777471,13335,"Cloudflare, Inc."',
  '1.0.4.0,1.0.7.255,38803,"Say ""hi"" Pty"',
  'not,a,line',
  '2001:200::,2001:200:1b9:ffff:ffff:ffff:ffff:ffff,2500,WIDE Project',
].join('\n');

/** A data folder with small files of its own. */
function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'thymus-reference-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  mkdirSync(join(path, 'reference'));
  const write = (name: string, text: string) => writeFileSync(join(path, 'reference', name), text);
  write('asn-ipv4.csv', CSV);
  write('asn-ipv6.csv', '2a00::,2a00:0:ffff:ffff:ffff:ffff:ffff:ffff,64500,Example\n');
  write('oui.json', '{"00AA00":"Small Cards Ltd\\nSomewhere","00AA00123":"Sub Cards"}');
  write('public_suffix_list.dat', '// rules\nuk\nco.uk\n*.ck\n!www.ck\n');
  return path;
}

test('an address between two ranges belongs to nobody, one inside to its system', () => {
  const table = AsnTable.parse([CSV]);
  assert.equal(table.ranges, 3);
  assert.deepEqual(table.lookup('1.0.0.255'), { asn: 13335, name: 'Cloudflare, Inc.' });
  assert.deepEqual(table.lookup('1.0.5.1'), { asn: 38803, name: 'Say "hi" Pty' });
  assert.equal(table.lookup('1.0.1.0').asn, 0);
  assert.equal(table.lookup('0.0.0.1').asn, 0);
  assert.equal(table.lookup('2001:200:1::7').asn, 2500);
  assert.equal(table.lookup('2001:201::').asn, 0);
  assert.equal(table.lookup('no address').asn, 0);
});

test('a packed table answers the same; a damaged or foreign one is refused', () => {
  const bytes = AsnTable.parse([CSV]).pack('files-1');
  const back = AsnTable.unpack(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3), 'files-1');
  assert.deepEqual(back?.lookup('1.0.0.1'), { asn: 13335, name: 'Cloudflare, Inc.' });
  assert.equal(back?.lookup('2001:200::1').name, 'WIDE Project');
  assert.equal(AsnTable.unpack(bytes, 'files-2'), undefined);
  assert.equal(AsnTable.unpack(bytes.subarray(0, bytes.length - 1), 'files-1'), undefined);
  assert.equal(AsnTable.unpack(Buffer.from('xx'), 'files-1'), undefined);
  assert.equal(AsnTable.unpack(Buffer.from('\u0004\0\0\0{{{{'), 'files-1'), undefined);
});

test('files of the data folder win over those that were shipped', (t) => {
  const path = folder(t);
  for (const run of ['parsed', 'from its cache']) {
    const reference = loadReference(path);
    assert.equal(reference.asn('2a00::1').name, 'Example', run);
    assert.equal(reference.vendor('00:aa:00:99:00:01'), 'Small Cards Ltd');
    assert.equal(reference.vendor('00:aa:00:12:30:01'), 'Sub Cards');
    assert.equal(reference.vendor('02:aa:00:99:00:01'), '', 'a random address has no maker');
    assert.equal(reference.vendor('00:aa'), '');
    assert.equal(reference.domain('A.b.example.co.uk.'), 'example.co.uk');
    assert.equal(reference.country('8.8.8.8'), 'US');
    assert.equal(reference.country('8.8.8.8'), 'US');
    assert.equal(reference.country('10.0.0.1'), '');
    assert.equal(reference.attributions.length, 4);
  }
});

test('a damaged file is named', (t) => {
  const path = folder(t);
  writeFileSync(join(path, 'reference', 'country.mmdb'), 'nothing');
  assert.throws(() => loadReference(path), /country\.mmdb cannot be used as reference data/);
  rmSync(join(path, 'reference', 'country.mmdb'));
  writeFileSync(join(path, 'reference', 'oui.json'), '{');
  assert.throws(() => loadReference(path).vendor('00:aa:00:99:00:01'), /oui\.json/);
  writeFileSync(join(path, 'reference', 'asn-ipv4.csv'), 'x');
  writeFileSync(join(path, 'reference', 'asn-ipv6.csv'), 'y');
  assert.throws(() => loadReference(path), /holds no ranges/);
});

test('a suffix list knows wildcards and exceptions, and stops at private rules', () => {
  const domain = suffixList('com\n*.ck\n!www.ck\n// ===BEGIN PRIVATE DOMAINS===\ncloud.com\n');
  assert.equal(domain('a.b.cloud.com'), 'cloud.com');
  assert.equal(domain('a.shop.ck'), 'a.shop.ck');
  assert.equal(domain('www.ck'), 'www.ck');
  assert.equal(domain('com'), undefined);
  assert.equal(domain('a.unknown'), 'a.unknown');
  assert.equal(domain('host'), undefined);
});
