import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { hex } from '../harness.ts';
import { readCertificate } from './certificate.ts';

/** One DER value: a tag and what it holds, all in hexadecimal. */
function der(tag: string, ...parts: string[]): string {
  const held = parts.join('').replaceAll(' ', '');
  const length = held.length / 2;
  const size =
    length < 128 ? length.toString(16).padStart(2, '0') : `82${length.toString(16).padStart(4, '0')}`;
  return `${tag}${size}${held}`;
}
const ascii = (text: string) => Buffer.from(text).toString('hex');
const name = (text: string) => der('30', der('31', der('30', '0603550403', der('0c', ascii(text)))));

const SHA256_RSA = '300d 0609 2a864886f70d01010b 0500';
const RSA_KEY = der(
  '30',
  '300d 0609 2a864886f70d010101 0500',
  der('03', '00', der('30', '0202 00c1', '0203 010001')),
);
const VALIDITY = der('30', der('17', ascii('240101000000Z')), der('18', ascii('20510101000000Z')));

function certificate(parts: { key?: string; extensions?: string; serial?: string } = {}): Uint8Array {
  const tbs = der(
    '30',
    'a003 020102',
    parts.serial ?? '0201 2a',
    SHA256_RSA,
    name('ca'),
    VALIDITY,
    name('host'),
    parts.key ?? RSA_KEY,
    parts.extensions ? der('a3', der('30', parts.extensions)) : '',
  );
  return hex(der('30', tbs, SHA256_RSA, '0302 0001'));
}

test('a certificate says who, by whom, from when to when and with which key', () => {
  const read = readCertificate(certificate());
  assert.equal(read?.commonName, 'host');
  assert.deepEqual(read?.columns, {
    certificate_version: 3,
    certificate_serial: '2A',
    certificate_subject: 'CN=host',
    certificate_issuer: 'CN=ca',
    certificate_not_valid_before: Date.UTC(2024, 0, 1),
    certificate_not_valid_after: Date.UTC(2051, 0, 1),
    certificate_key_alg: 'rsaEncryption',
    certificate_sig_alg: 'sha256WithRSAEncryption',
    certificate_key_type: 'rsa',
    certificate_key_length: 8,
    certificate_exponent: '65537',
  });
});

test('alternative names go to the list of their kind', () => {
  const names = der(
    '30',
    der('82', ascii('a.b')),
    der('81', ascii('m@b')),
    der('86', ascii('u:b')),
    '8704 c0000201',
    '8703 010203',
  );
  const read = readCertificate(certificate({ extensions: der('30', '0603 551d11', der('04', names)) }));
  assert.deepEqual(read?.columns.san_dns, ['a.b']);
  assert.deepEqual(read?.columns.san_email, ['m@b']);
  assert.deepEqual(read?.columns.san_uri, ['u:b']);
  assert.deepEqual(read?.columns.san_ip, ['192.0.2.1']);
});

test('basic constraints tell authorities from hosts', () => {
  const constraints = (value: string) =>
    readCertificate(certificate({ extensions: der('30', '0603 551d13', '0101ff', der('04', value)) }))
      ?.columns;
  assert.equal(constraints('3000')?.basic_constraints_ca, false);
  assert.equal(constraints('3003 0101ff')?.basic_constraints_ca, true);
  assert.equal(constraints('3006 0101ff 020103')?.basic_constraints_path_len, 3);
});

test('a key of an elliptic curve tells its curve', () => {
  const point = `0004${'11'.repeat(96)}`;
  const key = der('30', der('30', '0607 2a8648ce3d0201', '0605 2b81040022'), der('03', point));
  const columns = readCertificate(certificate({ key }))?.columns;
  assert.equal(columns?.certificate_key_type, 'ecdsa');
  assert.equal(columns?.certificate_curve, 'secp384r1');
  assert.equal(columns?.certificate_key_length, 384);
});

test('serial numbers are even digits in capitals, with their sign', () => {
  const serial = (text: string) => readCertificate(certificate({ serial: text }))?.columns.certificate_serial;
  assert.equal(serial('0202 00ff'), 'FF');
  assert.equal(serial('0201 00'), '00');
  assert.equal(serial('0201 ff'), '-01');
});

test('what is no certificate is refused, wherever it is cut', () => {
  const good = certificate();
  assert.equal(readCertificate(new Uint8Array(0)), undefined);
  assert.equal(readCertificate(hex('3003 020101')), undefined);
  for (let length = 0; length < good.length; length++) {
    assert.equal(readCertificate(good.subarray(0, length)), undefined);
  }
});

test('the roots that Node trusts read as OpenSSL reads them', () => {
  assert.ok(rootCertificates.length > 100);
  for (const pem of rootCertificates) {
    const oracle = new X509Certificate(pem);
    const columns = readCertificate(oracle.raw)?.columns;
    const key = oracle.publicKey.asymmetricKeyDetails;
    assert.equal(columns?.certificate_serial, oracle.serialNumber.padStart(2, '0'));
    assert.equal(columns?.certificate_not_valid_before, Date.parse(oracle.validFrom));
    assert.equal(columns?.certificate_not_valid_after, Date.parse(oracle.validTo));
    assert.equal(columns?.basic_constraints_ca ?? false, oracle.ca);
    const bits: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
    assert.equal(columns?.certificate_key_length, key?.modulusLength ?? bits[key?.namedCurve ?? '']);
    assert.equal(columns?.certificate_exponent, key?.publicExponent?.toString());
    assert.equal(columns?.certificate_curve, key?.namedCurve);
  }
});
