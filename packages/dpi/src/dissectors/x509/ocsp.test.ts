import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileTransfer, NO_FILE_OPTIONS } from '../../files/transfer.ts';
import { connection, hex } from '../harness.ts';
import { readOcspResponse } from './ocsp.ts';

/** A value of DER from its tag and the hexadecimal digits of its content. */
const der = (tag: string, ...content: string[]): string => {
  const digits = content.join('');
  const length = (digits.length / 2).toString(16).padStart(2, '0');
  return `${tag}${digits.length < 256 ? '' : '81'}${length}${digits}`;
};

const time = (text: string): string => der('18', Buffer.from(text).toString('hex'));
const ID = der(
  '30',
  der('30', der('06', '2b0e03021a')),
  der('04', 'aa01'),
  der('04', 'bb02'),
  der('02', '00c3'),
);
const single = (status: string): string =>
  der('30', ID, status, time('20260101000000Z'), der('a0', time('20260102000000Z')));

function response(...states: readonly string[]): Uint8Array {
  const data = der(
    '30',
    der('30', der('a1', '00'), time('20260101000000Z'), der('30', ...states.map(single))),
  );
  const basic = der('30', der('06', '2b0601050507300101'), der('04', data));
  return hex(der('30', der('0a', '00'), der('a0', basic)));
}

const REVOKED = der('a1', time('20250101000000Z'), der('a0', der('0a', '01')));

test('a response tells the state of its certificate', () => {
  const [row] = readOcspResponse(response('8000'), 'F1', connection());
  assert.partialDeepStrictEqual(row, {
    kind: 'ocsp',
    fuid: 'F1',
    hash_algorithm: 'sha1',
    issuer_name_hash: 'AA01',
    issuer_key_hash: 'BB02',
    serial_number: 'C3',
    cert_status: 'good',
    this_update: Date.UTC(2026, 0, 1),
    next_update: Date.UTC(2026, 0, 2),
    uid: 'C1',
  });
});

test('a revoked certificate says since when and why', () => {
  assert.partialDeepStrictEqual(readOcspResponse(response(REVOKED), 'F1', connection()), [
    { cert_status: 'revoked', revoke_time: Date.UTC(2025, 0, 1), revoke_reason: 'keyCompromise' },
  ]);
});

test('what is cut, or no answer, gives no row', () => {
  const whole = response('8000');
  for (let end = 0; end < whole.length; end++) {
    assert.ok(readOcspResponse(whole.subarray(0, end), 'F1', connection()).length <= 1);
  }
  assert.deepEqual(readOcspResponse(hex('30030a0106'), 'F1', connection()), []);
  assert.deepEqual(readOcspResponse(response('8300'), 'F1', connection()), []);
});

test('a file that is a response is read at its end, whatever pieces it came in', () => {
  const told = connection();
  const file = new FileTransfer(told, 0, { source: 'HTTP', isOrig: false }, NO_FILE_OPTIONS);
  for (const byte of response(REVOKED, '8000')) file.data(Uint8Array.of(byte));
  file.end();
  assert.deepEqual(
    told.records.map(({ kind }) => kind),
    ['files', 'ocsp', 'ocsp'],
  );
});
