import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ldap, LdapSearch, Ntlm } from '@thymus/core';
import { derAt } from './der.ts';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { filterText } from './ldap/filter.ts';
import { ldap } from './ldap.ts';

/** One BER value: a tag and what it holds, all in hexadecimal. */
function der(tag: string, ...parts: string[]): string {
  const held = parts.join('').replace(/\s+/g, '');
  const length = held.length / 2;
  const size =
    length < 128 ? length.toString(16).padStart(2, '0') : `82${length.toString(16).padStart(4, '0')}`;
  return `${tag}${size}${held}`;
}
const ascii = (value: string): string => Buffer.from(value).toString('hex');
const octets = (value: string): string => der('04', ascii(value));
const message = (id: number, operation: string): string =>
  der('30', `0201${id.toString(16).padStart(2, '0')}`, operation);
const result = (tag: string, code: string, diagnostic = '', rest = ''): string =>
  der(tag, `0a01${code}`, octets(''), octets(diagnostic), rest);

const PRESENT = der('87', ascii('objectclass'));
const equal = (attribute: string, value: string): string => der('a3', octets(attribute), octets(value));
const search = (base: string, filter = PRESENT): string =>
  der('63', octets(base), '0a0102 0a0103 020100 020100 010100', filter, '3000');
const entry = (padding = 0): string => der('64', octets('cn=x'), der('30', '00'.repeat(padding)));
const simple = (name: string, password: string): string =>
  der('60', '020103', octets(name), der('80', ascii(password)));
const sasl = (mechanism: string, credentials?: string): string =>
  der(
    '60',
    '020103',
    octets(''),
    der('a3', octets(mechanism), credentials === undefined ? '' : der('04', credentials)),
  );

const NTLM_ASK = `${ascii('NTLMSSP')}00 01000000 00000000`;
const NTLM_CREDENTIALS = `${ascii('NTLMSSP')}00 03000000 ${'0000 0000 40000000'.repeat(2)} 0000 0000 40000000 0600 0600 40000000 0000 0000 40000000 0000 0000 40000000 01000000 610062006300`;

function play(steps: string[], proto: 'tcp' | 'udp' = 'tcp') {
  const told = connection({ proto, dest_port: 389 });
  const session = ldap.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  return {
    ...told,
    rows: told.records as (Omit<Ldap, 'kind'> & Omit<LdapSearch, 'kind'> & { kind: string })[],
    isDone,
    streams,
  };
}

test('a bind and its outcome make one record, without the password', () => {
  const { rows, confirmed } = play([
    `>${message(1, simple('cn=admin', 'secret'))}`,
    `<${message(1, result('61', '31', 'data 52e\0'))}`,
  ]);
  assert.deepEqual(confirmed, ['ldap_tcp']);
  assert.deepEqual(rows, [
    {
      kind: 'ldap',
      ts: NOON,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 40_000,
      dest_ip: '10.0.0.2',
      dest_port: 389,
      message_id: 1,
      version: 3,
      opcode: 'bind simple',
      object: 'cn=admin',
      argument: 'REDACTED',
      result: 'invalid credentials',
      diagnostic_message: 'data 52e?',
    },
  ]);
});

test('a search is told with its filter and the number of entries, over UDP too', () => {
  const { rows, confirmed } = play(
    [
      `>${message(2, search('dc=x', der('a0', equal('a', '1'), equal('b', '2'), equal('c', '3'))))}`,
      `<${message(2, entry())}${message(2, entry())}${message(2, result('65', '00'))}`,
    ],
    'udp',
  );
  assert.deepEqual(confirmed, ['ldap_udp']);
  const [{ scope, deref_aliases, base_object, filter, result_count, result: outcome }] = rows as unknown as [
    LdapSearch,
  ];
  assert.deepEqual(
    { scope, deref_aliases, base_object, filter, result_count, outcome },
    {
      scope: 'tree',
      deref_aliases: 'always',
      base_object: 'dc=x',
      filter: '(&(&(a=1)(b=2))(c=3))',
      result_count: 2,
      outcome: 'success',
    },
  );
});

test('entries are counted before all of them is there', () => {
  const found = message(3, entry(60_000));
  const { rows } = play([
    `>${message(3, search(''))}`,
    `<${found.slice(0, 120)}`,
    `<${found.slice(120)}${message(3, result('65', '00'))}`,
  ]);
  assert.equal(rows[0]?.result_count, 1);
  assert.equal(rows[0]?.result, 'success');
});

test('every kind of filter has its text', () => {
  const text = (filter: string) => filterText(derAt(hex(filter))!);
  assert.equal(text(PRESENT), '(objectclass=*)');
  assert.equal(text(der('a2', equal('a', 'é'))), '(!(a=é))');
  assert.equal(text(der('a1', equal('a', 'b'))), '(|(a=b))');
  assert.equal(text(der('a5', octets('n'), octets('1'))), '(n>=1)');
  assert.equal(text(der('a6', octets('n'), octets('1'))), '(n<=1)');
  assert.equal(text(der('a8', octets('n'), octets('1'))), '(n~=1)');
  assert.equal(
    text(
      der('a4', octets('n'), der('30', der('80', ascii('a')), der('81', ascii('b')), der('82', ascii('c')))),
    ),
    '(n=a*b*c)',
  );
  assert.equal(
    text(der('a9', der('81', ascii('2.5')), der('82', ascii('n')), der('83', ascii('7')))),
    '(n:2.5:=7)',
  );
  assert.equal(text(equal('x', '').replace('a3', 'af')), 'FILTER_PARSING_ERROR');
  assert.equal(text(der('a3', octets('NtVer'), der('04', '16000000'))), '(NtVer=0x00000016)');
  assert.equal(
    text(der('a3', octets('DomainGuid'), der('04', '00112233445566778899aabbccddeeff'))),
    '(DomainGuid=33221100-5544-7766-8899-aabbccddeeff)',
  );
  assert.equal(
    text(der('a3', octets('DomainSid'), der('04', '0104000000000005 15000000 01000000 02000000 03000000'))),
    '(DomainSid=S-1-5-21-1-2-3)',
  );
  assert.equal(text(der('a3', octets('AAC'), der('04', '8000'))), '(AAC=80:00)');
});

test('filters nested too deep are not followed', () => {
  let filter = PRESENT;
  for (let i = 0; i < 60; i++) filter = der('a2', filter);
  assert.match(filterText(derAt(hex(filter))!), /FILTER_PARSING_ERROR/);
});

test('changes are told, passwords in them are not', () => {
  const change = (kind: string, attribute: string, value: string) =>
    der('30', `0a01${kind}`, der('30', octets(attribute), der('31', octets(value))));
  const { rows } = play([
    `>${message(4, der('66', octets('cn=x'), der('30', change('02', 'mail', 'a@b'), change('00', 'unicodePwd', 'x'))))}`,
    `<${message(4, result('67', '00'))}`,
    `>${message(5, der('4a', ascii('cn=y')))}`,
    `<${message(5, result('6b', '20'))}`,
    `>${message(6, der('50', '05'))}`,
    `>${message(7, der('68', octets('cn=z'), '3000'))}`,
    `>${message(8, '4200')}`,
  ]);
  assert.deepEqual(
    rows.map(({ opcode, object, argument, result: outcome }) => [opcode, object, argument, outcome]),
    [
      ['modify', 'cn=x', 'replace(mail=a@b),add(unicodePwd=REDACTED)', 'success'],
      ['delete', 'cn=y', undefined, 'no such object'],
      ['abandon', '5', undefined, undefined],
      ['unbind', undefined, undefined, undefined],
      ['add', 'cn=z', undefined, undefined],
    ],
  );
});

test('TLS takes over once both agree on it', () => {
  const { handedOver, rows } = play([
    `>${message(1, der('77', der('80', ascii('1.3.6.1.4.1.1466.20037'))))}`,
    `<${message(1, result('78', '00'))}`,
  ]);
  assert.deepEqual(handedOver, ['ssl']);
  assert.equal(rows[0]?.object, '1.3.6.1.4.1.1466.20037 (StartTLS)');
});

test('a log-in by NTLM becomes a record of its own, with the outcome of the bind', () => {
  const { records, confirmed } = play([
    `>${message(1, sasl('GSS-SPNEGO', NTLM_ASK))}`,
    `<${message(1, result('61', '0e'))}`,
    `>${message(2, sasl('GSS-SPNEGO', NTLM_CREDENTIALS))}`,
    `<${message(2, result('61', '31'))}`,
  ]);
  assert.deepEqual(confirmed.slice(0, 2), ['ntlm', 'ldap_tcp']);
  const row = records.find((record): record is Ntlm => record.kind === 'ntlm');
  assert.deepEqual([row?.username, row?.success], ['abc', false]);
});

test('after a log-in signed messages are read and sealed ones passed over', () => {
  const bind = [`>${message(1, sasl('GSSAPI', '00'))}`, `<${message(1, result('61', '00'))}`];
  const plain = message(2, search(''));
  const framed = (flags: string, extra: string, rotated: string, content: string) => {
    const token = `0504${flags}ff${extra}${rotated}${'00'.repeat(8)}${content}`.replace(/\s+/g, '');
    return (token.length / 2).toString(16).padStart(8, '0') + token;
  };
  const read = (frame: string) =>
    play([...bind, `>${frame}${message(9, '4200')}`]).rows.map((row) => row.kind + (row.opcode ?? ''));
  assert.deepEqual(read(framed('00', '0004', '0004', `aabbccdd${plain}`)), [
    'ldapbind SASL',
    'ldapunbind',
    'ldap_search',
  ]);
  assert.deepEqual(read(framed('00', '0004', '0000', `${plain}aabbccdd`)), [
    'ldapbind SASL',
    'ldapunbind',
    'ldap_search',
  ]);
  assert.deepEqual(read(framed('02', '0004', '0004', '00'.repeat(40))), ['ldapbind SASL', 'ldapunbind']);
  assert.deepEqual(read(`00000008${'ff'.repeat(8)}`), ['ldapbind SASL', 'ldapunbind']);
  const signed = `0100000000000000 0000000000000000${plain}`.replace(/\s+/g, '');
  const length = (signed.length / 2).toString(16).padStart(8, '0');
  assert.deepEqual(read(length + signed), ['ldapbind SASL', 'ldapunbind', 'ldap_search']);
});

test('without a log-in what is not LDAP ends it, so does a gap', () => {
  assert.equal(play([`>${message(1, '4200')}`, '>0000001005040000']).streams['>'].isRefused, true);
  assert.equal(play(['>3003020101']).streams['>'].isRefused, true);
  const session = ldap.open(connection({ proto: 'tcp' }));
  session.gap?.(1, true);
  assert.equal(session.done, true);
});

test('requests that are never answered are bounded', () => {
  const many = Array.from(
    { length: 300 },
    (_, i) => `>${der('30', `0202${(i + 1).toString(16).padStart(4, '0')}`, search(''))}`,
  );
  assert.equal(play(many).rows.length, 300);
});

test('probes look at the message, not at the port', () => {
  const probe = (bytes: string) => ldap.probe(hex(bytes), true, 389);
  assert.equal(probe(message(1, search('x'))), 1);
  assert.equal(probe('3084000000100201'), -1);
  assert.equal(probe('302602010004067075626c6963a019'), 0);
  assert.equal(probe('3080'), 0);
  assert.equal(probe(''), -1);
  assert.equal(probe('16030100'), 0);
});

test('bears everything', () => {
  const samples = [
    message(1, search('x', der('a0', equal('a', 'b'), PRESENT))),
    message(1, result('65', '00')),
    message(2, sasl('GSS-SPNEGO', NTLM_CREDENTIALS)),
    message(2, result('61', '00')),
    message(3, entry(200)),
  ];
  torture(ldap, samples.map(hex), 300);
});
