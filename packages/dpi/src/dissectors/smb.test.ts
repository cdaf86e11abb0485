import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kerberos } from '@thymus/core';
import { kerberosIn } from './gssapi.ts';
import { connection, hex, Stream, torture } from './harness.ts';
import { smb } from './smb.ts';

/** One DER value: a tag and what it holds, all in hexadecimal. */
function der(tag: string, ...parts: string[]): string {
  const held = parts.join('').replace(/\s+/g, '');
  const length = held.length / 2;
  return `${tag}${length < 128 ? length.toString(16).padStart(2, '0') : `81${length.toString(16)}`}${held}`;
}
const text = (value: string) => der('1b', Buffer.from(value).toString('hex'));
const u16le = (n: number) => Buffer.of(n & 255, n >> 8).toString('hex');

const SERVICE = der('30', der('a0', '020102'), der('a1', der('30', text('cifs'), text('host'))));
const TICKET = der(
  '61',
  der(
    '30',
    der('a0', '020105'),
    der('a1', text('REALM')),
    der('a2', SERVICE),
    der('a3', der('30', der('a0', '020117'))),
  ),
);
const AP_REQUEST = der(
  '6e',
  der('30', der('a0', '020105'), der('a1', '02010e'), der('a2', '0305 0000000000'), der('a3', TICKET)),
);
const AP_REPLY = der('6f', der('30', der('a0', '020105'), der('a1', '02010f')));
const KERBEROS = '0609 2a864886f712010202';
const SPNEGO = '0606 2b0601050502';

const mechanism = (type: string, message: string) => der('60', KERBEROS, type, message);
const first = (token: string) =>
  der('60', SPNEGO, der('a0', der('30', der('a0', '3000'), der('a2', der('04', token)))));
const later = (token: string) => der('a1', der('30', der('a0', '0a0100'), der('a2', der('04', token))));
const ASK = first(mechanism('0100', AP_REQUEST));
const GRANT = later(mechanism('0200', AP_REPLY));

const framed = (message: string) => {
  const held = message.replace(/\s+/g, '');
  return `00${(held.length / 2).toString(16).padStart(6, '0')}${held}`;
};
const header2 = (command: string, isReply: boolean, status = '00000000') =>
  `fe534d42 4000 0000 ${status} ${command} 0000 ${isReply ? '01' : '00'}000000 ${'00'.repeat(44)}`;
const ask2 = (token: string) =>
  framed(
    `${header2('0100', false)} 1900 00 01 00000000 00000000 ${u16le(88)} ${u16le(token.length / 2)} ${'00'.repeat(8)} ${token}`,
  );
const answer2 = (token: string, status?: string) =>
  framed(`${header2('0100', true, status)} 0900 0000 ${u16le(72)} ${u16le(token.length / 2)} ${token}`);
const header1 = (flags: string) => `ff534d42 73 00000000 ${flags} ${'00'.repeat(22)}`;
const ask1 = (token: string) =>
  framed(
    `${header1('00')} 0c ff000000 0000 0000 0000 00000000 ${u16le(token.length / 2)} 00000000 00000000 ${u16le(token.length / 2)} ${token}`,
  );
const answer1 = (token: string) =>
  framed(`${header1('80')} 04 ff000000 0000 ${u16le(token.length / 2)} ${u16le(token.length / 2)} ${token}`);
const READ2 = framed(`${header2('0800', false)} ${'00'.repeat(49)}`);

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 445 });
  const session = smb.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  return { ...told, rows: told.records as Kerberos[], isDone, streams };
}

test('a ticket within a session set-up makes a record, in SMB 2 and in SMB 1', () => {
  for (const steps of [
    [`>${ask2(ASK)}`, `<${answer2(GRANT)}`],
    [`>${ask1(ASK)}`, `<${answer1(GRANT)}`],
  ]) {
    const { rows, confirmed } = play(steps);
    assert.deepEqual([...new Set(confirmed)], ['', 'krb', 'gssapi']);
    assert.equal(rows.length, 1);
    const { request_type, client, service, cipher, success } = rows[0]!;
    assert.deepEqual(
      { request_type, client, service, cipher, success },
      { request_type: 'AP', client: '/REALM', service: 'cifs/host', cipher: 'rc4-hmac', success: true },
    );
  }
});

test('without a Kerberos reply the status tells whether the ticket was taken', () => {
  assert.equal(play([`>${ask2(ASK)}`, `<${answer2('')}`]).rows[0]?.success, true);
  assert.equal(play([`>${ask2(ASK)}`, `<${answer2('', '6d0000c0')}`]).rows[0]?.success, false);
  assert.equal(play([`>${ask2(ASK)}`, `<${answer2('', '160000c0')}`]).rows[0]?.success, undefined);
});

test('other log-ins and set-ups without a token say nothing of Kerberos', () => {
  const ntlm = first('4e544c4d53535000');
  assert.deepEqual(play([`>${ask2(ntlm)}`, `<${answer2(later('4e544c4d'))}`]).rows, []);
  assert.deepEqual(play([`>${framed(`${header1('00')} 0d ${'00'.repeat(28)}`)}`]).rows, []);
});

test('messages may be cut; others are passed over without waiting for their end', () => {
  const ask = ask2(ASK);
  const long = `00 100000 ${header2('0900', false)}`;
  const { rows } = play([
    `>${ask.slice(0, 60)}`,
    `>${ask.slice(60, 200)}`,
    `>${ask.slice(200)}`,
    `<${answer2(GRANT)}`,
    `>${long}`,
    `>${'00'.repeat(100)}`,
  ]);
  assert.equal(rows.length, 1);
});

test('keep-alives and encrypted messages are passed over', () => {
  const { rows, streams } = play([
    `>85000000${framed(`fd534d42${'00'.repeat(80)}`)}`,
    `>${ask2(ASK)}`,
    `<${answer2(GRANT)}`,
    `>${framed(`fc534d42${'00'.repeat(80)}`)}85000000`,
  ]);
  assert.equal(rows.length, 1);
  assert.equal(streams['>'].isRefused, false);
});

test('a session request of NetBIOS may come first', () => {
  const request = `81000044 20${'43'.repeat(32)}00 20${'44'.repeat(32)}00`;
  assert.equal(smb.probe(hex(request), true, 139), 0.9);
  assert.equal(play([`>${request}`, '<82000000', `>${ask2(ASK)}`, `<${answer2(GRANT)}`]).rows.length, 1);
});

test('what is no SMB is refused; after a gap it goes on where a message begins', () => {
  assert.equal(play([`>${framed('00'.repeat(70))}`]).streams['>'].isRefused, true);
  assert.equal(play(['>4745542000']).streams['>'].isRefused, true);
  const told = connection({ proto: 'tcp' });
  const session = smb.open(told);
  session.feed(hex(READ2), true);
  session.gap?.(100, true);
  session.feed(hex('0011223344556677'), true);
  session.feed(hex(ask2(ASK)), true);
  session.close?.();
  assert.equal(told.records.length, 1);
});

test('tokens are read with and without SPNEGO, broken ones are not', () => {
  assert.equal(kerberosIn(hex(mechanism('0100', AP_REQUEST)))?.type, 14);
  assert.equal(kerberosIn(hex(AP_REPLY))?.type, 15);
  assert.equal(kerberosIn(hex(der('60', '0601 2a', AP_REQUEST))), undefined);
  assert.equal(kerberosIn(hex(later('').slice(0, 8))), undefined);
  assert.equal(kerberosIn(new Uint8Array(0)), undefined);
});

test('probes know both headers and refuse the rest', () => {
  const probe = (bytes: string) => smb.probe(hex(bytes), true, 445);
  assert.equal(probe(ask2(ASK)), 1);
  assert.equal(probe(ask1(ASK)), 1);
  assert.equal(probe('000000'), -1);
  assert.equal(probe('0000004400000000'), 0);
  assert.equal(probe('47455420'), 0);
});

test('bears everything', () => {
  torture(smb, [ask2(ASK), answer2(GRANT), ask1(ASK), answer1(GRANT), READ2].map(hex), 300);
});
