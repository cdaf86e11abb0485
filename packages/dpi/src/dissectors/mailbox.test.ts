import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dissector } from '../dissector.ts';
import { ascii, connection, Stream, torture } from './harness.ts';
import { imap, pop3 } from './mailbox.ts';

/** A conversation: `C: ` from the client, `S: ` from the server, a line each. */
function talk(dissector: Dissector, lines: readonly string[]) {
  const told = connection({ proto: 'tcp', dest_port: 110 });
  const session = dissector.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  for (const line of lines) (line[0] === 'C' ? up : down).push(ascii(`${line.slice(3)}\r\n`));
  const isDone = session.done;
  session.gap?.(1, true);
  return { ...told, isDone, isRefused: up.isRefused || down.isRefused };
}

test('both are named once client and server have spoken', () => {
  assert.deepEqual(talk(pop3, ['S: +OK ready', 'C: USER ann', 'S: +OK']).confirmed.slice(0, 1), ['']);
  assert.deepEqual(talk(imap, ['S: * OK ready', 'C: a1 LOGIN ann x', 'S: a1 OK']).confirmed.slice(0, 1), [
    '',
  ]);
  assert.deepEqual(talk(imap, ['S: * OK ready']).confirmed, []);
});

test('TLS gets what comes after the reply that agrees', () => {
  assert.deepEqual(talk(pop3, ['S: +OK', 'C: STLS', 'S: +OK go']).handedOver, ['ssl']);
  assert.deepEqual(talk(pop3, ['S: +OK', 'C: STLS', 'S: -ERR no']).handedOver, []);
  assert.deepEqual(talk(imap, ['S: * OK', 'C: x STARTTLS', 'S: * BYE', 'S: x OK go']).handedOver, ['ssl']);
});

test('what is neither is given back, what goes on is left alone', () => {
  assert.equal(talk(pop3, ['S: hello']).isRefused, true);
  assert.equal(talk(imap, ['C: GET / HTTP/1.1']).isRefused, true);
  assert.equal(talk(pop3, ['S: +OK', ...Array.from({ length: 70 }, () => 'S: a line of mail')]).isDone, true);
});

test('greetings tell them apart, commands need the port', () => {
  const probe = (dissector: Dissector, text: string, fromOriginator: boolean, port: number) =>
    dissector.probe(ascii(text), fromOriginator, port);
  assert.equal(probe(pop3, '+OK hi\r\n', false, 9), 0.8);
  assert.equal(probe(imap, '* OK hi\r\n', false, 9), 0.8);
  assert.equal(probe(imap, '+OK hi\r\n', false, 9), 0);
  assert.equal(probe(pop3, 'USER a\r\n', true, 110), 0.4);
  assert.equal(probe(pop3, 'USER a\r\n', true, 9), 0);
  assert.equal(probe(pop3, '+O', false, 9), -1);
  assert.equal(probe(pop3, '\0\0\0\0', false, 9), 0);
});

test('damaged conversations are borne', () => {
  torture(pop3, [ascii('+OK\r\nUSER a\r\nSTLS\r\n')], 300);
  torture(imap, [ascii('* OK\r\na STARTTLS\r\na OK\r\n')], 300);
});
