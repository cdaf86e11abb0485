import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExtended, parsePort } from './ftp/channels.ts';
import { ftpData } from './ftp/data.ts';
import { quotedPath, resolvePath, urlOf } from './ftp/paths.ts';
import { ftp } from './ftp.ts';
import { ascii, connection, NOON, Stream, torture } from './harness.ts';

const CONTROL = { proto: 'tcp', dest_port: 21 } as const;

/** A conversation: `C: ` from the client, `S: ` from the server, a line each; `D: ` comes over the data connection. */
function talk(lines: readonly string[]) {
  const told = connection(CONTROL);
  const session = ftp.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  const data = connection({ proto: 'tcp', uid: 'C2' });
  for (const [i, line] of lines.entries()) {
    told.ts = NOON + i;
    const text = line.slice(3);
    if (line[0] === 'D') transfer(text, { ...data, context: told.expected.at(-1)?.context });
    else (line[0] === 'C' ? up : down).push(ascii(`${text}\r\n`));
  }
  session.close?.();
  return {
    ...told,
    files: data.records,
    rows: told.records.filter((record) => record.kind === 'ftp'),
    isRefused: up.isRefused || down.isRefused,
  };
}

function transfer(text: string, over: ReturnType<typeof connection>): void {
  const session = ftpData.open(over);
  session.feed(ascii(text), false);
  session.gap?.(5, true);
  session.close?.();
}

const LOGIN = ['S: 220 ready', 'C: USER anonymous', 'S: 331 mail?', 'C: PASS me@a', 'S: 230 in'];

test('a file that is fetched has the row of its command, its address and its type', () => {
  const told = talk([
    ...LOGIN,
    'C: CWD /pub/x',
    'S: 250 ok',
    'C: CWD ../y',
    'S: 250 ok',
    'C: PASV',
    'S: 227 Entering (10,0,0,2,4,1)',
    'C: RETR a.txt',
    'S: 150 Opening for a.txt (14 bytes).',
    'D: just some text',
    'S: 226 done',
    'C: QUIT',
    'S: 221 bye',
  ]);
  const place = { uid: 'C1', source_ip: '10.0.0.1', source_port: 40_000, dest_ip: '10.0.0.2', dest_port: 21 };
  const channel = {
    data_channel_passive: true,
    data_channel_orig_h: '10.0.0.1',
    data_channel_resp_h: '10.0.0.2',
    data_channel_resp_p: 1025,
  };
  assert.partialDeepStrictEqual(told.rows, [
    {
      ...place,
      ts: NOON + 9,
      user: 'anonymous',
      password: 'me@a',
      command: 'PASV',
      reply_code: 227,
      ...channel,
    },
    {
      ...place,
      ts: NOON + 11,
      command: 'RETR',
      arg: 'ftp://10.0.0.2/pub/y/a.txt',
      file_size: 14,
      reply_code: 226,
      reply_msg: 'done',
      mime_type: 'text/plain',
    },
  ]);
  assert.equal(told.rows.length, 2);
  assert.partialDeepStrictEqual(told.files, [
    { kind: 'files', missing_bytes: 5, is_orig: true },
    { kind: 'files', fuid: told.rows[1]?.fuid, source: 'FTP_DATA', seen_bytes: 14, is_orig: false },
  ]);
  assert.partialDeepStrictEqual(told.expected, [
    { dissector: 'ftp-data', source_ip: '10.0.0.1', dest_ip: '10.0.0.2', dest_port: 1025 },
  ]);
  assert.deepEqual(told.confirmed, ['']);
});

test('an active transfer comes from the server; the password of a person is hidden', () => {
  const told = talk([
    'S: 220-ready',
    'S:  when you are',
    'S: 220 now',
    'C: USER ann',
    'S: 331 password?',
    'C: PASS secret',
    'S: 230 in',
    'C: EPRT |2|2001:db8::1|1025|',
    'S: 200 ok',
  ]);
  assert.partialDeepStrictEqual(told.rows, [
    { user: 'ann', password: '<hidden>', command: 'EPRT', data_channel_passive: false },
  ]);
  assert.partialDeepStrictEqual(told.expected, [{ source_ip: '10.0.0.2', dest_ip: '2001:db8::1' }]);
});

test('a log-in and nothing else has one row: that of the last command, without the password', () => {
  const failed = ['S: 220 ready', 'C: USER ann', 'S: 331 password?', 'C: PASS secret', 'S: 530 no'];
  assert.partialDeepStrictEqual(talk([...failed, 'C: QUIT', 'S: 221 bye']).rows, [
    { user: 'ann', password: '<hidden>', command: 'QUIT', reply_code: 221 },
  ]);
  const cut = talk(failed).rows;
  assert.equal(cut.length, 1);
  assert.partialDeepStrictEqual(cut, [{ command: 'PASS', arg: '<hidden>', reply_code: 530 }]);
  assert.deepEqual(talk(['S: 220 ready', 'C: QUIT', 'S: 221 bye']).rows, []);
});

test('commands that do not wait are matched with what answers them best', () => {
  const told = talk([
    ...LOGIN,
    'C: SYST',
    'C: PASV',
    'C: DELE /a',
    'S: 227 =(1,2,3,4,5,6)',
    'S: 250 DELE',
    'S: 215 x',
  ]);
  assert.deepEqual(
    told.rows.map(({ command, reply_code, arg }) => [command, reply_code, arg]),
    [
      ['PASV', 227, undefined],
      ['DELE', 250, 'ftp://10.0.0.2/a'],
    ],
  );
});

test('TLS gets what comes after the reply', () => {
  assert.deepEqual(talk(['S: 220 a', 'C: AUTH tls', 'S: 234 go']).handedOver, ['ssl']);
});

test('replies that are none end it, strange commands are weird', () => {
  assert.equal(talk([...LOGIN, 'C: SYST', 'S: what?']).isRefused, true);
  assert.equal(talk([...LOGIN, 'C: SYST', 'S: 2150']).isRefused, true);
  assert.equal(talk(['S: 220 a', 'C: ab', 'C: cd', 'C: ef']).isRefused, true);
  assert.equal(talk(['S: 220 a', 'C: HELO a', 'C: MAIL b', 'C: RCPT c']).isRefused, true);
  const { weirds } = talk([
    ...LOGIN,
    'C: a',
    `C: ${'x'.repeat(101)}`,
    ...Array.from({ length: 30 }, () => 'C: NOOP'),
  ]);
  assert.deepEqual(
    [...new Set(weirds)],
    ['FTP_invalid_command', 'FTP_max_command_length_exceeded 101 > 100', 'FTP_too_many_pending_commands 20'],
  );
});

test('a directory is known from what the server says, too', () => {
  const told = talk([
    ...LOGIN,
    'C: PWD',
    'S: 257 "/a ""b""" is it',
    'C: CDUP',
    'S: 200 ok',
    'C: DELE x',
    'S: 250 ok',
  ]);
  assert.equal(told.rows[0]?.arg, 'ftp://10.0.0.2/x');
});

test('addresses of data connections are refused where they cannot be', () => {
  assert.deepEqual(parsePort('1,2,3,4,5,6'), { ip: '1.2.3.4', port: 1286 });
  for (const text of ['1,2,3,4,5', '1,2,3,4,256,6', '1,2,3,4,0,0']) assert.equal(parsePort(text), undefined);
  assert.deepEqual(parseExtended('Extended (|||57086|)'), { ip: undefined, port: 57_086 });
  for (const text of ['|1|x|5|', '|||0|', '|||70000|', '||5|']) assert.equal(parseExtended(text), undefined);
});

test('paths are resolved as far as they are known', () => {
  assert.equal(resolvePath('.', 'a/./b//c'), './a/b/c');
  assert.equal(resolvePath('.', '../..'), '.');
  assert.equal(resolvePath('/a', '../../b/'), '/b');
  assert.equal(resolvePath('/a', ''), '/a');
  assert.equal(urlOf('::1', './x'), 'ftp://[::1]/./x');
  assert.equal(quotedPath('no path'), undefined);
});

test('greetings and commands are told from those of mail', () => {
  const probe = (text: string, fromOriginator: boolean, port = 9) =>
    ftp.probe(ascii(text), fromOriginator, port);
  assert.equal(probe('220 (vsFTPd)\r\n', false), 0.9);
  assert.equal(probe('220 a ESMTP\r\n', false, 21), 0);
  assert.equal(probe('220 hello\r\n', false, 21), 0.6);
  assert.equal(probe('220 hello\r\n', false), -1);
  assert.equal(probe('331 go on\r\n', false), 0.8);
  assert.equal(probe('USER a\r\n', true), -1);
  assert.equal(probe('USER a\r\n', true, 21), 0.5);
  assert.equal(probe('AUTH TLS\r\n', true), 0.7);
  assert.equal(probe('GET / HTTP/1.1\r\n', true), 0);
  assert.equal(probe('CWD /a\r\n', true, 21), 0.5);
  assert.equal(probe('250 ok\r\n', false, 21), 0.5);
  assert.equal(probe('\0\0', true), 0);
  assert.equal(ftpData.probe(ascii('any'), true, 20), 0);
});

test('damaged conversations are borne', () => {
  const lines = [...LOGIN, 'C: PASV', 'S: 227 (1,2,3,4,5,6)', 'C: RETR a', 'S: 150-x', 'S: 226 y'];
  torture(ftp, [ascii(lines.map((line) => line.slice(3)).join('\r\n'))], 300);
  torture(ftpData, [ascii('any')], 50);
});
