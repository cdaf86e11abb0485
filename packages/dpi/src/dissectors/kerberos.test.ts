import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kerberos } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { kerberos } from './kerberos.ts';

/** One DER value: a tag and what it holds, all in hexadecimal. */
function der(tag: string, ...parts: string[]): string {
  const held = parts.join('').replace(/\s+/g, '');
  const length = held.length / 2;
  const size =
    length < 128 ? length.toString(16).padStart(2, '0') : `82${length.toString(16).padStart(4, '0')}`;
  return `${tag}${size}${held}`;
}
const text = (value: string) => der('1b', Buffer.from(value).toString('hex'));
const time = (value: string) => der('18', Buffer.from(value).toString('hex'));
const principal = (...parts: string[]) =>
  der('30', der('a0', '020101'), der('a1', der('30', ...parts.map(text))));
const TICKET = der(
  '61',
  der(
    '30',
    der('a0', '020105'),
    der('a1', text('R')),
    der('a2', principal('krbtgt', 'R')),
    der('a3', der('30', der('a0', '020112'))),
  ),
);

const request = (type: 10 | 12, { nonce = '020107', padata = '' } = {}) =>
  der(
    type === 10 ? '6a' : '6c',
    der(
      '30',
      der('a1', '020105'),
      der('a2', `0201${type.toString(16).padStart(2, '0')}`),
      padata,
      der(
        'a4',
        der(
          '30',
          der('a0', '0305 00 40800000'),
          type === 10 ? der('a1', principal('ann')) : '',
          der('a2', text('R')),
          der('a3', principal('krbtgt', 'R')),
          der('a4', time('20240101000000Z')),
          der('a5', time('19700101000000Z')),
          der('a7', nonce),
        ),
      ),
    ),
  );
const reply = (type: 11 | 13, padata = '') =>
  der(
    type === 11 ? '6b' : '6d',
    der(
      '30',
      der('a0', '020105'),
      der('a1', `0201${type.toString(16).padStart(2, '0')}`),
      padata,
      der('a3', text('R')),
      der('a4', principal('ann')),
      der('a5', TICKET),
    ),
  );
const error = (code: string, words?: string) =>
  der(
    '7e',
    der(
      '30',
      der('a0', '020105'),
      der('a1', '02011e'),
      der('a6', `0201${code}`),
      der('a7', text('R')),
      der('a8', principal('ann')),
      der('aa', principal('krbtgt', 'R')),
      words === undefined ? '' : der('ab', text(words)),
    ),
  );

function play(steps: string[], proto: 'udp' | 'tcp' = 'udp') {
  const told = connection({ proto, dest_port: 88 });
  const session = kerberos.open(told);
  const results = steps.map((step) => session.feed(hex(step), true));
  session.close?.();
  return { ...told, rows: told.records as Kerberos[], results };
}

const HEAD = {
  kind: 'kerberos',
  ts: NOON,
  uid: 'C1',
  source_ip: '10.0.0.1',
  source_port: 40_000,
  dest_ip: '10.0.0.2',
  dest_port: 88,
};

test('a request and its reply make one record', () => {
  const { rows, confirmed } = play([request(10), reply(11)]);
  assert.deepEqual(confirmed, ['krb']);
  assert.deepEqual(rows, [
    {
      ...HEAD,
      request_type: 'AS',
      client: 'ann/R',
      service: 'krbtgt/R',
      from: Date.UTC(2024, 0, 1),
      till: 0,
      forwardable: true,
      renewable: true,
      cipher: 'aes256-cts-hmac-sha1-96',
      success: true,
    },
  ]);
});

test('the client of a ticket request is known from the reply', () => {
  const [row] = play([request(12), reply(13)]).rows;
  assert.equal(row?.request_type, 'TGS');
  assert.equal(row?.client, 'ann/R');
});

test('a refusal tells its reason: the text that came, or the name of the code', () => {
  const [named] = play([request(12), error('19')]).rows;
  assert.deepEqual(
    [named?.success, named?.error_msg, named?.client],
    [false, 'KDC_ERR_PREAUTH_REQUIRED', 'ann/R'],
  );
  assert.equal(play([error('06', 'CLIENT_NOT_FOUND')]).rows[0]?.error_msg, 'CLIENT_NOT_FOUND');
  assert.equal(play([error('7f')]).rows[0]?.error_msg, 'unknown-127');
});

test('the refusal that every log-in begins with is left out', () => {
  const { rows } = play([request(10), error('19', 'NEEDED_PREAUTH'), request(10), reply(11)]);
  assert.deepEqual(
    rows.map((row) => row.success),
    [true],
  );
});

test('a request sent again stays one, another one ends the first unanswered', () => {
  assert.equal(play([request(10), request(10)]).rows.length, 1);
  const { rows } = play([request(10), request(10, { nonce: '020108' }), reply(11)]);
  assert.deepEqual(
    rows.map((row) => row.success),
    [undefined, true],
  );
});

test('a ticket that is shown to a service gives a record too', () => {
  const show = der(
    '6e',
    der('30', der('a0', '020105'), der('a1', '02010e'), der('a2', '0305 0000000000'), der('a3', TICKET)),
  );
  const { rows } = play([show, der('6f', der('30', der('a0', '020105'), der('a1', '02010f')))]);
  assert.deepEqual(rows, [
    {
      ...HEAD,
      request_type: 'AP',
      client: '/R',
      service: 'krbtgt/R',
      cipher: 'aes256-cts-hmac-sha1-96',
      success: true,
    },
  ]);
});

test('over TCP a length comes first, and messages may come in parts', () => {
  const told = connection({ proto: 'tcp', dest_port: 88 });
  const session = kerberos.open(told);
  const bytes = hex(request(10) + reply(11));
  const framed = [hex(request(10)), hex(reply(11))].map((m) =>
    Buffer.concat([Buffer.of(0, 0, m.length >> 8, m.length & 255), m]),
  );
  new Stream(session, true).push(framed[0]!);
  const answer = new Stream(session, false);
  answer.push(framed[1]!.subarray(0, 20));
  assert.equal(told.records.length, 0);
  answer.push(framed[1]!.subarray(20));
  assert.equal(told.records.length, 1);
  assert.deepEqual(told.confirmed, ['krb_tcp']);
  assert.ok(bytes.length > 100);
});

test('certificates of log-ins with public keys are named', () => {
  const name = der('30', der('31', der('30', '0603550403', der('0c', '61'))));
  const algorithm = '3003 0601 2a';
  const validity = der('30', time('20240101000000Z'), time('20250101000000Z'));
  const certificate = der(
    '30',
    der('30', '020101', algorithm, name, validity, name, der('30', algorithm, '0302 0000')),
    algorithm,
    '0302 0000',
  );
  const signed = der(
    '30',
    '0609 2a864886f70d010702',
    der('a0', der('30', '020103', '3100', '3000', der('a0', certificate))),
  );
  const entry = (type: string, value: string) =>
    der('30', der('30', der('a1', `0201${type}`), der('a2', der('04', value))));
  const asked = request(10, { padata: der('a3', entry('10', der('30', der('80', signed)))) });
  const told = reply(11, der('a2', entry('11', der('a0', der('30', der('80', signed))))));
  const [row] = play([asked, told]).rows;
  assert.equal(row?.client_cert_subject, 'CN=a');
  assert.equal(row?.server_cert_subject, 'CN=a');
  const empty = request(10, { padata: der('a3', entry('10', '3000')) });
  assert.equal(play([empty]).rows[0]?.client_cert_subject, undefined);
});

test('what is no message is refused, or weird where Kerberos is certain', () => {
  const wrong = play(['7e03020105']);
  assert.deepEqual(wrong.results, [-1]);
  const late = play([request(10), '0000']);
  assert.deepEqual(late.weirds, ['kerberos_malformed']);
  assert.equal(late.rows.length, 1);
  assert.deepEqual(play(['ffffffff 6a'], 'tcp').results, [-1]);
});

test('probes know messages with and without a length, and refuse the rest', () => {
  const probe = (bytes: string, port = 1088) => kerberos.probe(hex(bytes), true, port);
  assert.equal(probe(request(10)), 1);
  assert.equal(probe(`00000123${request(10)}`), 1);
  assert.equal(probe(error('19')), 1);
  assert.equal(probe('00000123'), -1);
  const bare = der('7e', der('30', der('a6', '020119'), der('ac', '04083131313131313131')));
  assert.ok(probe(bare, 88) > 0);
  assert.equal(probe(bare), 0);
  assert.equal(probe('474554202f20485454502f312e310d0a'), 0);
});

test('bears everything', () => {
  torture(
    kerberos,
    [request(10), reply(11), error('19'), `000000${(request(12).length / 2).toString(16)}${request(12)}`].map(
      hex,
    ),
    2000,
  );
});
