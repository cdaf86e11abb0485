import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ircData } from './ftp/data.ts';
import { ascii, connection, NOON, Stream, torture } from './harness.ts';
import { irc } from './irc.ts';

const CHAT = { proto: 'tcp', dest_port: 6667 } as const;

/** A conversation: `C: ` from the client, `S: ` from the server, a line each. */
function talk(lines: readonly string[]) {
  const told = connection(CHAT);
  const session = irc.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  for (const [i, line] of lines.entries()) {
    told.ts = NOON + i;
    (line[0] === 'C' ? up : down).push(ascii(`${line.slice(3)}\r\n`));
  }
  session.gap?.(1, true);
  session.close?.();
  return {
    ...told,
    rows: told.records.filter((record) => record.kind === 'irc'),
    isRefused: up.isRefused || down.isRefused,
  };
}

const LOGIN = ['C: NICK ann', 'C: USER a host server :Ann Other', 'S: :irc.example 001 ann :Welcome'];

test('who a client is and which channels it joins are rows', () => {
  const told = talk([
    ...LOGIN,
    'C: JOIN :',
    'C: JOIN #a,#b key',
    'C: :ann PRIVMSG #a :hi',
    'S: @t=1 :x PING :y',
  ]);
  assert.deepEqual(
    told.rows.map(({ ts, nick, user, command, value, addl }) => [
      ts - NOON,
      nick,
      user,
      command,
      value,
      addl,
    ]),
    [
      [0, undefined, undefined, 'NICK', 'ann', undefined],
      [1, 'ann', undefined, 'USER', 'a', 'host server Ann Other'],
      [4, 'ann', 'a', 'JOIN', '#a', " with channel key: 'key'"],
      [4, 'ann', 'a', 'JOIN', '#b', ''],
    ],
  );
  assert.deepEqual(told.confirmed, ['']);
});

test('a file that is offered comes over a connection of its own', () => {
  const offer = 'S: :bob PRIVMSG ann :\x01DCC SEND "a b.png" 167772162 1024 99\x01';
  const told = connection(CHAT);
  const session = irc.open(told);
  session.feed(ascii(`${offer.slice(3)}\r\n`), false);
  assert.partialDeepStrictEqual(told.expected, [
    { dissector: 'irc-dcc-data', dest_ip: '10.0.0.2', dest_port: 1024 },
  ]);
  const data = connection({ proto: 'tcp', uid: 'C2', context: told.expected[0]?.context });
  const transfer = ircData.open(data);
  transfer.feed(ascii('\x89PNG\r\n\x1a\n'), false);
  transfer.end?.(false);
  assert.partialDeepStrictEqual(data.records, [{ source: 'IRC_DATA', mime_type: 'image/png' }]);
  assert.partialDeepStrictEqual(told.records, [
    { command: 'DCC', dcc_file_name: 'a b.png', dcc_file_size: 99, dcc_mime_type: 'image/png' },
  ]);
  for (const place of ['99999999999 1', '1 0', '1 70000']) {
    assert.deepEqual(talk([`S: :b PRIVMSG a :\x01DCC SEND x ${place}\x01`]).expected, []);
  }
});

test('TLS gets what comes after the reply', () => {
  assert.deepEqual(talk(['C: STARTTLS', 'S: :irc.example 670 * :go']).handedOver, ['ssl']);
});

test('lines that are none of it give it back', () => {
  assert.equal(talk(Array.from({ length: 6 }, () => 'C: 12 34')).isRefused, true);
  assert.deepEqual(talk(['C: JOIN', 'C: WHO x']).rows, []);
});

test('IRC is found by its first lines', () => {
  const probe = (text: string, fromOriginator: boolean) => irc.probe(ascii(text), fromOriginator, 9);
  assert.equal(probe('NICK ann\r\n', true), 0.8);
  assert.equal(probe('USER a b c :d\r\n', true), 0.8);
  assert.equal(probe('USER ann\r\n', true), 0);
  assert.equal(probe('NIC', true), -1);
  assert.equal(probe(':irc.example NOTICE * :hi\r\n', false), 0.8);
  assert.equal(probe('220 hello\r\n', false), 0);
});

test('damaged conversations are borne', () => {
  torture(
    irc,
    [
      ascii(LOGIN.map((line) => line.slice(3)).join('\r\n')),
      ascii(':b PRIVMSG a :\x01DCC SEND x 1 2 3\x01\r\n'),
    ],
    300,
  );
});
