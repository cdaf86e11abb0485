import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dhcp, Http, LogRecord, Notice, Software, Ssh, Ssl, X509 } from '@thymus/core';
import { NOON } from '../dissectors/harness.ts';
import { withFindings } from './findings.ts';

const DAY = 86_400_000;
const head = {
  ts: NOON,
  uid: 'C1',
  source_ip: '10.0.0.1',
  source_port: 40_000,
  dest_ip: '10.0.0.2',
  dest_port: 443,
};
const http = (changes: Partial<Http>): Http => ({
  kind: 'http',
  ...head,
  trans_depth: 1,
  request_body_len: 0,
  response_body_len: 0,
  tags: [],
  ...changes,
});
const ssh = (changes: Partial<Ssh>): Ssh => ({ kind: 'ssh', ...head, auth_attempts: 1, ...changes });
const ssl = (changes: Partial<Ssl>): Ssl => ({
  kind: 'ssl',
  ...head,
  resumed: false,
  established: true,
  ...changes,
});
const x509 = (changes: Partial<X509>): X509 => ({
  kind: 'x509',
  ...head,
  fingerprint: 'f',
  certificate_version: 3,
  certificate_serial: '01',
  certificate_subject: 'CN=a',
  certificate_issuer: 'CN=b',
  certificate_not_valid_before: NOON - DAY,
  certificate_not_valid_after: NOON + 365 * DAY,
  certificate_key_alg: 'rsaEncryption',
  certificate_sig_alg: 'sha256WithRSAEncryption',
  certificate_key_type: 'rsa',
  certificate_key_length: 2048,
  host_cert: true,
  client_cert: false,
  ...changes,
});

/** What is found in these records, beyond themselves. */
function found(...records: LogRecord[]): LogRecord[] {
  const all: LogRecord[] = [];
  const emit = withFindings((record) => all.push(record), undefined);
  for (const record of records) emit(record);
  return all.filter((record) => !records.includes(record));
}
const software = (...records: LogRecord[]) => found(...records) as Software[];
const notes = (...records: LogRecord[]) => (found(...records) as Notice[]).map(({ note }) => note);

test('programs of internal hosts are told once each', () => {
  const rows = software(
    http({ user_agent: 'curl/8.5.0', server: 'nginx/1.24.0' }),
    http({ user_agent: 'curl/8.5.0', server: 'nginx/1.24.0' }),
    http({ user_agent: 'curl/8.5.0 (again)', source_ip: '10.0.0.1' }),
    http({ user_agent: 'curl/8.5.0', source_ip: '192.0.2.1', server: 'x/1', dest_ip: '192.0.2.2' }),
    ssh({ client: 'SSH-2.0-OpenSSH_9.6', server: 'SSH-2.0-dropbear_2019.78', dest_port: 22 }),
  );
  assert.deepEqual(
    rows.map((r) => [r.software_type, r.host, r.host_p, r.name, r.version_major]),
    [
      ['HTTP::BROWSER', '10.0.0.1', undefined, 'curl', 8],
      ['HTTP::SERVER', '10.0.0.2', 443, 'nginx', 1],
      ['HTTP::BROWSER', '10.0.0.1', undefined, 'curl', 8],
      ['SSH::CLIENT', '10.0.0.1', undefined, 'OpenSSH', 9],
      ['SSH::SERVER', '10.0.0.2', 22, 'dropbear', 2019],
    ],
  );
});

test('a DHCP vendor class belongs to the address that was given', () => {
  const dhcp: Dhcp = {
    kind: 'dhcp',
    ts: NOON,
    uids: ['C1'],
    assigned_addr: '10.0.0.7',
    vendor_class: 'MSFT 5.0',
  };
  const [row] = software(dhcp, { ...dhcp, assigned_addr: undefined } as unknown as Dhcp);
  assert.deepEqual([row?.host, row?.name, row?.unparsed_version], ['10.0.0.7', 'MSFT', 'MSFT 5.0']);
});

test('a host that calls itself something new each time is told of so often and not more', () => {
  const many = Array.from({ length: 500 }, (_, i) => http({ user_agent: `agent${i}` }));
  assert.ok(software(...many).length <= 64);
});

test('what is wrong with certificates', () => {
  const after = 'certificate_not_valid_after';
  assert.deepEqual(notes(x509({})), []);
  assert.deepEqual(notes(x509({ [after]: NOON - 1 })), ['SSL::Certificate_Expired']);
  assert.deepEqual(notes(x509({ [after]: NOON + DAY })), ['SSL::Certificate_Expires_Soon']);
  assert.deepEqual(notes(x509({ certificate_not_valid_before: NOON + 1 })), [
    'SSL::Certificate_Not_Valid_Yet',
  ]);
  assert.deepEqual(notes(x509({ certificate_issuer: 'CN=a' })), ['SSL::Invalid_Server_Cert']);
  assert.deepEqual(notes(x509({ certificate_key_length: 1024 })), ['SSL::Weak_Key']);
  assert.deepEqual(notes(x509({ certificate_key_type: 'ecdsa', certificate_key_length: 256 })), []);
  assert.deepEqual(notes(x509({ [after]: NOON - 1, client_cert: true })), []);
  const [row] = found(x509({ [after]: NOON - 1 })) as Notice[];
  assert.equal(row?.msg, 'Certificate CN=a expired at 2023-11-14-22:13:19');
  assert.deepEqual([row?.src, row?.dst, row?.p, row?.uid], ['10.0.0.1', '10.0.0.2', 443, 'C1']);
});

test('a notice is held back for a day', () => {
  const expired = { certificate_not_valid_after: NOON - 1 };
  const later = (ts: number) => x509({ ...expired, ts });
  assert.equal(notes(later(NOON), later(NOON + DAY - 1), later(NOON + DAY + 1)).length, 2);
});

test('old versions and weak ciphers', () => {
  assert.deepEqual(notes(ssl({ version: 'SSLv3', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' })), [
    'SSL::Old_Version',
  ]);
  assert.deepEqual(notes(ssl({ version: 'TLSv12', cipher: 'TLS_RSA_WITH_RC4_128_SHA' })), [
    'SSL::Weak_Cipher',
  ]);
  assert.deepEqual(notes(ssl({ version: 'TLSv12', cipher: 'TLS_DH_anon_WITH_AES_128_CBC_SHA' })), [
    'SSL::Weak_Cipher',
  ]);
  assert.deepEqual(notes(ssl({ cipher: 'TLS_RSA_WITH_NULL_SHA', established: false })), []);
  assert.deepEqual(notes(ssl({ version: 'TLSv13', cipher: 'TLS_AES_128_GCM_SHA256' })), []);
});

test('thirty failed log-ins within half an hour are guessing', () => {
  const failed = (n: number, gap: number) =>
    Array.from({ length: n }, (_, i) =>
      ssh({ ts: NOON + i * gap, dest_ip: `10.0.1.${i % 7}`, auth_success: false }),
    );
  assert.deepEqual(notes(...failed(29, 1_000)), []);
  assert.deepEqual(notes(...failed(31, 120_000)), []);
  const [notice, ...rest] = found(...failed(90, 1_000)) as Notice[];
  assert.deepEqual(
    [notice?.note, notice?.src, notice?.n, rest.length],
    ['SSH::Password_Guessing', '10.0.0.1', 30, 0],
  );
  assert.equal(notice?.sub, 'Sampled servers: 10.0.1.0, 10.0.1.1, 10.0.1.2, 10.0.1.3, 10.0.1.4');
});
