import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVersion, versionKey } from './version.ts';

const short = (text: string): string => {
  const version = readVersion(text);
  return version ? versionKey(version) : '';
};

test('names and versions as servers and clients write them', () => {
  assert.deepEqual(readVersion('Apache/2.4.6 (CentOS) OpenSSL/1.0.2k'), {
    name: 'Apache',
    version_major: 2,
    version_minor: 4,
    version_minor2: 6,
    version_addl: 'CentOS',
  });
  assert.deepEqual(
    [
      'OpenSSH_7.4p1 Debian-10',
      'curl/8.5.0',
      'MSFT 5.0',
      'dropbear_2019.78',
      'udhcp 1.36.1',
      'Microsoft-IIS/10.0',
    ].map(short),
    [
      'OpenSSH 7.4..p1',
      'curl 8.5.0.',
      'MSFT 5.0..',
      'dropbear 2019.78..',
      'udhcp 1.36.1.',
      'Microsoft-IIS 10.0..',
    ],
  );
  assert.deepEqual(['nginx', 'Cisco-1.25', 'a/1.2.3.4-rc1', '(odd)', '', '/'].map(short), [
    'nginx ...',
    'Cisco 1.25..',
    'a 1.2.3.4rc1',
    '',
    '',
    '',
  ]);
});

test('browsers are told by the name that the others imitate', () => {
  const webkit = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko)';
  assert.deepEqual(
    [
      `${webkit} Chrome/120.0.6099.71 Safari/537.36`,
      `${webkit} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.61`,
      'Mozilla/5.0 (X11; Linux x86_64; rv:10.0.2) Gecko/20100101 Firefox/10.0.2',
      'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15',
      'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko',
      'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)',
      'Mozilla/5.0',
    ].map(short),
    [
      'Chrome 120.0.6099.71',
      'Edge 120.0.2210.61',
      'Firefox 10.0.2.',
      'Safari 17.1..',
      'MSIE 11.0..',
      'MSIE 6.0..',
      'Mozilla 5.0..',
    ],
  );
});

test('long texts stay short', () => {
  const version = readVersion(`${'n'.repeat(500)}/1.2-${'x'.repeat(500)}`);
  assert.ok(version && version.name.length <= 80 && (version.version_addl?.length ?? 0) <= 40);
});
