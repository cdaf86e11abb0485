import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import type { LogRecord, Ssl, X509 } from '@thymus/core';
import { connection, hex, NOON, Stream, torture } from './harness.ts';
import { ssl } from './ssl.ts';
import {
  clientHelloBody,
  counted,
  extension,
  serverHelloBody,
  serverName,
  tlsMessage,
  tlsRecord,
} from './tls/sample.ts';

const CLIENT_HELLO = tlsRecord(
  '16',
  tlsMessage('01', clientHelloBody({ extensions: serverName('a.example') })),
);
const SERVER_HELLO = tlsRecord('16', tlsMessage('02', serverHelloBody()));
const CHANGE = tlsRecord('14', '01');
const FINISHED = tlsRecord('16', '55'.repeat(40));
const DATA = tlsRecord('17', '66'.repeat(40));
const CERTIFICATE = Buffer.from(rootCertificates[0]!.replace(/-----[^-]+-----/g, ''), 'base64').toString(
  'hex',
);
const CHAIN = tlsMessage('0b', counted(3, counted(3, CERTIFICATE)));

/** Plays a conversation: `>` before what the originator sends, `<` before what the responder sends. */
function play(steps: string[], changes: Parameters<typeof connection>[0] = {}) {
  const told = connection({ proto: 'tcp', dest_port: 443, ...changes });
  const session = ssl.create!().open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(hex(step.slice(1)));
  const isDone = session.done;
  session.close?.();
  const rows = told.records.filter((r: LogRecord): r is Ssl => r.kind === 'ssl');
  const certificates = told.records.filter((r: LogRecord): r is X509 => r.kind === 'x509');
  return { ...told, rows, row: rows[0], certificates, isDone, streams };
}

test('a handshake of TLS 1.2 is established once both sides have sent what cannot be read', () => {
  const { rows, row, isDone, confirmed } = play([
    `>${CLIENT_HELLO}`,
    `<${SERVER_HELLO}${tlsRecord('16', tlsMessage('0c', '03 001d 00'), tlsMessage('0e'))}`,
    `>${tlsRecord('16', tlsMessage('10', '00'))}${CHANGE}${FINISHED}`,
    `<${CHANGE}${FINISHED}${DATA}`,
  ]);
  assert.equal(rows.length, 1);
  assert.equal(isDone, true);
  assert.deepEqual(confirmed, ['ssl']);
  assert.equal(row?.ts, NOON);
  assert.equal(row?.version, 'TLSv12');
  assert.equal(row?.cipher, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');
  assert.equal(row?.curve, 'x25519');
  assert.equal(row?.server_name, 'a.example');
  assert.equal(row?.ssl_history, 'CsknGIi');
  assert.equal(row?.established, true);
  assert.equal(row?.resumed, false);
  assert.equal(row?.cert_chain_fps, undefined);
  assert.match(row?.ja4 ?? '', /^t12d020100_/);
});

test('TLS 1.3 hides its handshake: data from both sides establishes it', () => {
  const extensions = extension('002b', '0304') + extension('0033', '001d', counted(2, '77'));
  const hello = tlsRecord('16', tlsMessage('02', serverHelloBody({ cipher: '1301', extensions })));
  const { row } = play([`>${CLIENT_HELLO}`, `<${hello}${CHANGE}${DATA}`, `>${CHANGE}${DATA}`]);
  assert.equal(row?.version, 'TLSv13');
  assert.equal(row?.ssl_history, 'CsiI');
  assert.equal(row?.established, true);
  assert.equal(play([`>${CLIENT_HELLO}`, `<${hello}${DATA}`]).row?.established, false);
});

test('an answer with the same session or an accepted key resumes a session', () => {
  const client = tlsRecord('16', tlsMessage('01', clientHelloBody({ session: '61' })));
  const server = tlsRecord('16', tlsMessage('02', serverHelloBody({ session: '61' })));
  assert.equal(play([`>${client}`, `<${server}`]).row?.resumed, true);
  assert.equal(play([`>${client}`, `<${SERVER_HELLO}`]).row?.resumed, false);
  const psk = tlsRecord('16', tlsMessage('02', serverHelloBody({ extensions: extension('0029', '0000') })));
  assert.equal(play([`>${client}`, `<${psk}`]).row?.resumed, true);
});

test('a ticket whose client skips the key exchange resumes a session', () => {
  const client = tlsRecord('16', tlsMessage('01', clientHelloBody({ extensions: extension('0023', 'aa') })));
  assert.equal(play([`>${client}`, `<${SERVER_HELLO}`, `>${CHANGE}`]).row?.resumed, true);
  const key = tlsRecord('16', tlsMessage('10', '00'));
  assert.equal(play([`>${client}`, `<${SERVER_HELLO}`, `>${key}${CHANGE}`]).row?.resumed, false);
});

test('a refused handshake tells the last alert', () => {
  const { row } = play([`>${CLIENT_HELLO}`, `<${tlsRecord('15', '02 28')}`]);
  assert.equal(row?.last_alert, 'handshake_failure');
  assert.equal(row?.ssl_history, 'Cl');
  assert.equal(row?.version, undefined);
});

test('certificates are told of once, and named in every connection', () => {
  const { row, certificates } = play([
    `>${CLIENT_HELLO}`,
    `<${SERVER_HELLO}${tlsRecord('16', CHAIN, CHAIN)}`,
  ]);
  assert.equal(row?.cert_chain_fps?.length, 2);
  assert.deepEqual(row?.client_cert_chain_fps, []);
  assert.equal(row?.self_signed, true);
  assert.equal(row?.sni_matches_cert, false);
  assert.equal(certificates.length, 1);
  assert.equal(certificates[0]?.fingerprint, row?.cert_chain_fps?.[0]);
  assert.equal(certificates[0]?.host_cert, true);
  assert.equal(certificates[0]?.host, 'a.example');
});

test('certificates of the client go to a chain of their own', () => {
  const { row, certificates } = play([`>${CLIENT_HELLO}`, `<${SERVER_HELLO}`, `>${tlsRecord('16', CHAIN)}`]);
  assert.equal(row?.client_cert_chain_fps?.length, 1);
  assert.deepEqual(row?.cert_chain_fps, []);
  assert.equal(certificates[0]?.client_cert, true);
});

test('messages may span records, records may span segments', () => {
  const half = (CHAIN.length / 2) & ~1;
  const bytes =
    SERVER_HELLO +
    tlsRecord('16', CHAIN.slice(0, half)) +
    tlsRecord('16', CHAIN.slice(half, -2)) +
    tlsRecord('16', CHAIN.slice(-2));
  const cut = bytes.length - (bytes.length % 4);
  const { row } = play([`>${CLIENT_HELLO}`, `<${bytes.slice(0, cut / 2)}`, `<${bytes.slice(cut / 2)}`]);
  assert.equal(row?.ssl_history, 'Csx');
  assert.equal(row?.cert_chain_fps?.length, 1);
});

test('a hello from the responder turns the roles around', () => {
  const { row } = play([`<${CLIENT_HELLO}`, `>${SERVER_HELLO}`]);
  assert.equal(row?.ssl_history, '^Cs');
  assert.equal(row?.version, 'TLSv12');
});

test('a request to try again is told from a hello', () => {
  const random = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
  const retry = tlsRecord(
    '16',
    tlsMessage('02', serverHelloBody({ random, extensions: extension('0033', '0017') })),
  );
  assert.equal(
    play([`>${CLIENT_HELLO}`, `<${retry}`, `>${CLIENT_HELLO}`, `<${SERVER_HELLO}`]).row?.ssl_history,
    'CjCs',
  );
});

test('what is no record ends it, and is weird once TLS is certain', () => {
  const early = play([`>${CLIENT_HELLO}`, '<474554202f20']);
  assert.equal(early.streams['<'].isRefused, true);
  assert.deepEqual(early.weirds, []);
  assert.equal(early.row?.ssl_history, 'C');
  const late = play([`>${CLIENT_HELLO}`, `<${SERVER_HELLO}`, '<474554202f20']);
  assert.deepEqual(late.weirds, ['ssl_invalid_record']);
  assert.equal(late.row?.established, false);
  assert.equal(late.isDone, true);
});

test('a broken hello, unknown record types and huge messages end it', () => {
  for (const bytes of [
    tlsRecord('16', tlsMessage('01', '0303')),
    tlsRecord('1d', '00'),
    tlsRecord('16', '0b ffffff 00'),
  ]) {
    assert.equal(play([`>${bytes}`]).streams['>'].isRefused, true);
  }
});

test('nothing but a gap gives no record, a gap after a hello gives what was seen', () => {
  const told = connection({ proto: 'tcp' });
  const session = ssl.open(told);
  session.gap?.(10, true);
  session.close?.();
  assert.deepEqual(told.records, []);
  const { row } = play([`>${CLIENT_HELLO}`]);
  assert.equal(row?.established, false);
});

test('early data in the clear is weird, a heartbeat has its letter', () => {
  const { row, weirds } = play([`>${CLIENT_HELLO}`, `<${SERVER_HELLO}${DATA}${tlsRecord('18', '01 0000')}`]);
  assert.deepEqual(weirds, ['ssl_early_application_data']);
  assert.equal(row?.ssl_history, 'Csb');
});

test('a hello in the layout of SSL 2 may lead to TLS or to SSL 2', () => {
  const hello = '8019 01 0301 0006 0000 000a 010080 00002f 11111111111111111111';
  assert.equal(play([`>${hello}`, `<${SERVER_HELLO}`]).row?.ssl_history, 'Cs');
  const body = '04 00 01 0002 0000 0003 0002 010080 2222';
  const answer = `80${counted(1, body)}`;
  const { row } = play([`>${hello}`, `<${answer}`, '>8004 02 010080']);
  assert.equal(row?.version, 'SSLv2');
  assert.equal(row?.cipher, 'SSLv20_CK_RC4_128_WITH_MD5');
  assert.equal(play([`>${hello}`, `<${answer}`, '>8006 02 010080 0000']).row?.established, true);
  assert.equal(play(['>8004 01 0301 0006']).streams['>'].isRefused, true);
});

const dtlsRecord = (type: string, ...parts: string[]) =>
  `${type}feff 0000 000000000000${counted(2, ...parts)}`;
const u24 = (n: number) => n.toString(16).padStart(6, '0');
const dtlsMessage = (type: string, body: string, sequence = '0000', from = 0, to = body.length / 2) =>
  type + u24(body.length / 2) + sequence + u24(from) + u24(to - from) + body.slice(from * 2, to * 2);

test('DTLS puts the fragments of messages together and passes over what is none', () => {
  const client = clientHelloBody({ cookie: 'aa' });
  const server = serverHelloBody().replace(/^0303/, 'feff');
  const { row, confirmed } = play(
    [
      '>0001 0000',
      `>${dtlsRecord('16', dtlsMessage('01', client, '0000', 0, 20))}`,
      `>${dtlsRecord('16', dtlsMessage('01', client, '0000', 20))}`,
      `<${dtlsRecord('16', dtlsMessage('02', server, '0001'))}${dtlsRecord('16', dtlsMessage('0e', '', '0002'))}`,
      `>${dtlsRecord('14', '01')}${dtlsRecord('16', '33'.repeat(30))}`,
      `<${dtlsRecord('14', '01')}${dtlsRecord('16', '33'.repeat(30))}`,
    ],
    { proto: 'udp', dest_port: 4433 },
  );
  assert.equal(row?.ssl_history, 'CsnIi');
  assert.equal(row?.version, 'DTLSv10');
  assert.equal(row?.established, true);
  assert.deepEqual(confirmed, ['dtls']);
});

test('fragments out of order, past the end or of another message are left alone', () => {
  const client = clientHelloBody({ cookie: 'aa' });
  const late = dtlsRecord('16', dtlsMessage('01', client, '0000', 20));
  const past = dtlsRecord('16', '01 000004 0000 000003 000004 00000000');
  assert.equal(play([`>${late}`, `>${past}`], { proto: 'udp' }).row, undefined);
});

test('probes know hellos of every layout, want more bytes where too few came, and refuse the rest', () => {
  const probe = (text: string, fromOriginator = true) => ssl.probe(hex(text), fromOriginator, 443);
  assert.equal(probe(CLIENT_HELLO), 1);
  assert.equal(probe(SERVER_HELLO, false), 1);
  assert.equal(probe('1603'), -1);
  assert.equal(probe(dtlsRecord('16', dtlsMessage('01', clientHelloBody({ cookie: '' })))), 1);
  assert.ok(probe('8019 01 0301 0006') > 0);
  assert.ok(probe(tlsRecord('15', '02 28'), false) > 0);
  assert.equal(probe('474554202f2048545450'), 0);
  assert.equal(probe('16fe ff00'), 0);
});

test('bears everything', () => {
  const samples = [
    CLIENT_HELLO,
    SERVER_HELLO + tlsRecord('16', CHAIN),
    CHANGE + DATA,
    tlsRecord('15', '0228'),
  ];
  torture(
    ssl,
    [...samples, dtlsRecord('16', dtlsMessage('01', clientHelloBody({ cookie: '' })))].map(hex),
    2000,
  );
});
