import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii } from '../dissectors/harness.ts';
import { mimeType } from './mime.ts';

const zip = (name: string, rest = '') => `PK\x03\x04\x14\0\0\0${'\0'.repeat(22)}${name}${rest}`;

const TYPES: readonly [string, string | undefined][] = [
  ['\x89PNG\r\n', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  [`BM${'\0'.repeat(12)}\x28\0\0\0`, 'image/x-ms-bmp'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
  ['\0\0\0\x18ftypmp42', 'video/mp4'],
  ['\0\0\0\x18ftypM4A ', 'audio/mp4'],
  ['\0\0\0\x08moov', 'video/quicktime'],
  ['\x1a\x45\xdf\xa3\x9fB\x82\x84webm', 'video/webm'],
  ['FLV\x01', 'video/x-flv'],
  ['CWS\x09', 'application/x-shockwave-flash'],
  ['MZ\x90\0', 'application/x-dosexec'],
  [`\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x02\0`, 'application/x-executable'],
  [`\x7fELF\x01\x02\x01${'\0'.repeat(9)}\0\x03`, 'application/x-sharedlib'],
  ['\xca\xfe\xba\xbe\0\0\x00\x02', 'application/x-mach-o-executable'],
  ['\xca\xfe\xba\xbe\0\0\x00\x34', 'application/x-java-applet'],
  [zip('a.txt'), 'application/zip'],
  [zip('META-INF/MANIFEST.MF'), 'application/java-archive'],
  [
    zip('[Content_Types].xml', zip('word/document.xml')),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    zip('mimetypeapplication/vnd.oasis.opendocument.textPK\x03\x04'),
    'application/vnd.oasis.opendocument.text',
  ],
  ['\x1f\x8b\x08', 'application/x-gzip'],
  ['MSCF\0\0\0\0', 'application/vnd.ms-cab-compressed'],
  ['%PDF-1.7', 'application/pdf'],
  [`${'\0'.repeat(257)}ustar`, 'application/x-tar'],
  [`0\x81\x00${'\0'.repeat(10)}\x06\x05\x2b\x0e\x03\x02\x1a`, 'application/ocsp-request'],
  ['-----BEGIN CERTIFICATE-----\n', 'application/x-pem'],
  ['<!DOCTYPE html>', 'text/html'],
  ['\xef\xbb\xbf\r\n <!-- x --> <HTML>', 'text/html'],
  ['<?xml version="1.0"?>\n<!DOCTYPE html>', 'text/html'],
  ['<?xml version="1.0"?><a/>', 'application/xml'],
  ['<?xml version="1.0"?><rss>', 'text/rss'],
  ['<cross-domain-policy>', 'text/x-cross-domain-policy'],
  ['<script type="text/javascript">', 'application/javascript'],
  ['(function() {', 'application/javascript'],
  ['{"a": [1]}', 'text/json'],
  ['[1, 2]', 'text/json'],
  ['{}', 'text/json'],
  ['#!/bin/sh\n', 'text/x-shellscript'],
  ['#!/usr/bin/env python3\n', 'text/x-python'],
  ['hello <?php echo 1;', 'text/x-php'],
  ['just some words', 'text/plain'],
  ['Dear all,\n\n--- a/x\n+++ b/x\r\n@@ -1 +1 @@\n', 'text/x-diff'],
  ['too short', undefined],
  ['\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a', undefined],
  ['', undefined],
];

test('the first bytes tell the type', () => {
  for (const [bytes, type] of TYPES) assert.equal(mimeType(ascii(bytes)), type, JSON.stringify(bytes));
});
