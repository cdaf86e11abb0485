import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sip } from '@thymus/core';
import { ascii, connection, NOON, Stream, torture } from './harness.ts';
import { sip } from './sip.ts';

const lines = (...text: string[]) => `${text.join('\r\n')}\r\n\r\n`;
const INVITE = lines(
  'INVITE sip:bob@b.example SIP/2.0',
  'Via: SIP/2.0/UDP 10.0.0.1;branch=z9',
  'From: "Ann" <sip:ann@a.example>;tag=1',
  'To: <sip:bob@b.example>',
  'Call-ID: 77@10.0.0.1',
  'CSeq: 1 INVITE',
  'Date: today',
  'Subject: lunch',
  'Reply-To: ann',
  'User-Agent: phone',
  'Content-Length: 4',
);
const reply = (status: string) =>
  lines(
    `SIP/2.0 ${status}`,
    'v: SIP/2.0/UDP 10.0.0.1;branch=z9',
    'f: "Ann" <sip:ann@a.example>;tag=1',
    't: <sip:bob@b.example>;tag=2',
    'Warning: 392 x',
    'c: text/plain',
    'l: 0',
  );
const TRYING = reply('100 Trying');
const OK = reply('200 OK');

function play(steps: string[], proto: 'udp' | 'tcp' = 'udp') {
  const told = connection({ proto, dest_port: 5060 });
  const session = sip.open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  const results = steps.map((step) => {
    const bytes = ascii(step.slice(1));
    if (proto === 'udp') return session.feed(bytes, step[0] === '>');
    streams[step[0] as '>' | '<'].push(bytes);
    return streams[step[0] as '>' | '<'].isRefused ? -1 : 0;
  });
  session.close?.();
  return { ...told, session, rows: told.records as Sip[], results };
}
const kinds = (rows: readonly Sip[]) => rows.map(({ method, status_code }) => `${method} ${status_code}`);

test('each reply is a row with its request; after a final one the next request begins anew', () => {
  const { rows, confirmed } = play([`>${INVITE}body`, `<${TRYING}`, `<${OK}`, `>${INVITE}`]);
  assert.deepEqual(confirmed, ['']);
  assert.deepEqual(kinds(rows), ['INVITE 100', 'INVITE 200', 'INVITE undefined']);
  assert.deepEqual(rows[0], {
    kind: 'sip',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 5060,
    trans_depth: 0,
    request_path: ['SIP/2.0/UDP 10.0.0.1'],
    response_path: ['SIP/2.0/UDP 10.0.0.1'],
    method: 'INVITE',
    uri: 'sip:bob@b.example',
    date: 'today',
    request_from: '"Ann" <sip:ann@a.example>',
    request_to: '<sip:bob@b.example>',
    response_from: '"Ann" <sip:ann@a.example>',
    response_to: '<sip:bob@b.example>;tag=2',
    reply_to: 'ann',
    call_id: '77@10.0.0.1',
    seq: '1 INVITE',
    subject: 'lunch',
    user_agent: 'phone',
    status_code: 100,
    status_msg: 'Trying',
    warning: '392 x',
    request_body_len: 4,
    response_body_len: 0,
    content_type: 'text/plain',
  });
  assert.equal(rows[1]?.response_path?.length, 2);
});

test('over TCP messages follow each other, bodies are passed over, and all may be cut', () => {
  const told = connection({ proto: 'tcp' });
  const session = sip.open(told);
  const stream = new Stream(session, true);
  const bytes = ascii(`\r\n\r\n${INVITE}body${INVITE}`);
  for (let i = 0; i < bytes.length; i += 50) stream.push(bytes.subarray(i, i + 50));
  session.gap?.(4, true);
  stream.push(ascii(INVITE));
  new Stream(session, false).push(ascii(OK));
  assert.deepEqual(kinds(told.records as Sip[]), ['INVITE 200']);
  assert.equal((told.records[0] as Sip).request_path?.length, 3);
});

test('lengths that are none, unknown methods and junk before a request are weird', () => {
  const { weirds, rows } = play([
    '>\0\0\r\n',
    `>${lines('PLEASE sip:x SIP/2.0', 'Content-Length: bad')}`,
    `<${lines('SIP/2.0 200 OK', 'l: xyz', 'no header')}`,
  ]);
  assert.deepEqual(weirds, [
    'sip_junk_before_request \\x00\\x00',
    'unknown_SIP_method PLEASE',
    'invalid_SIP_request_body_len bad',
    'invalid_SIP_response_body_len xyz',
  ]);
  assert.equal(rows[0]?.request_body_len, undefined);
});

test('a head without an end is read where the datagram ends, and is too long where a stream does not end it', () => {
  assert.deepEqual(kinds(play(['>BYE sip:x SIP/2.0']).rows), ['BYE undefined']);
  assert.deepEqual(play([`>BYE sip:x SIP/2.0\r\n${'x: y\r\n'.repeat(20_000)}`], 'tcp').results, [-1]);
});

test('headers and hops are kept up to a number', () => {
  const { rows } = play([
    `>${lines('BYE sip:x SIP/2.0', ...Array.from({ length: 300 }, () => 'Via: a;branch=b'))}`,
  ]);
  assert.equal(rows[0]?.request_path?.length, 64);
});

test('other text is refused at first and passed over later', () => {
  assert.deepEqual(play(['>GET / HTTP/1.1\r\n\r\n']).results, [-1]);
  assert.deepEqual(play(['>GET / HTTP/1.1\r\n\r\n'], 'tcp').results, [-1]);
  assert.deepEqual(play([`>${INVITE}`, '>hello']).results.at(-1), 5);
});

test('it is known by its first line', () => {
  const probe = (text: string, port: number) => sip.probe(ascii(text), true, port);
  assert.equal(probe(INVITE, 9), 1);
  assert.equal(probe(OK, 9), 1);
  assert.equal(probe('BYE sip:x SIP/2.0', 9), 1);
  assert.equal(probe('GET / HTTP/1.1\n', 9), 0);
  assert.equal(probe('SIP/x\n', 9), 0);
  assert.equal(probe('\0\0\0\0', 5060), 0.2);
  assert.equal(probe('', 5060), 0);
  assert.equal(probe('\0\0\0\0', 9), 0);
  assert.equal(sip.begins?.(0x49), true);
});

test('bears everything', () => {
  torture(sip, [INVITE, TRYING, OK, '\0\0'].map(ascii), 500);
});
