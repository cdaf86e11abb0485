import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, connection, NOON, Stream, torture } from './harness.ts';
import { smtp } from './smtp.ts';

const MAIL = { proto: 'tcp', dest_port: 25 } as const;
const CRLF = '\r\n';

/** A conversation: `C: ` from the client, `S: ` from the server, a line each unless it holds more. */
function talk(lines: readonly string[], most = Number.POSITIVE_INFINITY) {
  const told = connection(MAIL);
  const session = smtp.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  for (const [i, line] of lines.entries()) {
    told.ts = NOON + i;
    const bytes = ascii(`${line.slice(3)}${CRLF}`);
    for (let at = 0; at < bytes.length; at += most) {
      (line[0] === 'C' ? up : down).push(bytes.subarray(at, at + most));
    }
  }
  session.end?.(true);
  session.close?.();
  return {
    ...told,
    rows: told.records.filter((record) => record.kind === 'smtp'),
    files: told.records.filter((record) => record.kind === 'files'),
  };
}

const HELLO = ['S: 220 mail.example ESMTP', 'C: EHLO me', 'S: 250-mail.example', 'S: 250 CHUNKING'];
const ENVELOPE = [
  'C: MAIL FROM:<ann@a.example> SIZE=9',
  'S: 250 OK',
  'C: RCPT TO:<bob@b.example>',
  'S: 250 OK',
];
const LETTER = [
  'Received: from x (x [192.0.2.1]) by y;',
  ' today',
  'From: Ann <ann@a.example>',
  'To: "Bob, B" <bob@b.example>, Eve <eve@b.example>',
  'Subject: A',
  '\tlong one',
  'X-Originating-IP: [192.0.2.9]',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  'passed over',
  '--b',
  'Subject: of a part',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'caf=C3=A9 =',
  'and more',
  '--b',
  'Content-Type: image/png; name="a.png"',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw0K',
  'GgoAAA==',
  '--b--',
];
const ALL = [
  ...HELLO,
  ...ENVELOPE,
  'C: DATA',
  'S: 354 go',
  ...LETTER.map((l) => `C: ${l}`),
  'C: .',
  'S: 250 queued',
];

test('a message is a row, its parts are files', () => {
  const told = talk(ALL);
  const { path, ...row } = told.rows[0]!;
  assert.deepEqual(path, ['10.0.0.2', '10.0.0.1', '192.0.2.1']);
  assert.deepEqual(row, {
    kind: 'smtp',
    ts: NOON,
    uid: 'C1',
    source_ip: '10.0.0.1',
    source_port: 40_000,
    dest_ip: '10.0.0.2',
    dest_port: 25,
    trans_depth: 1,
    helo: 'me',
    mailfrom: 'ann@a.example',
    rcptto: ['bob@b.example'],
    first_received: 'from x (x [192.0.2.1]) by y; today',
    from: 'Ann <ann@a.example>',
    to: ['"Bob, B" <bob@b.example>', 'Eve <eve@b.example>'],
    subject: 'A\tlong one',
    x_originating_ip: '192.0.2.9',
    last_reply: '250 queued',
    tls: false,
    fuids: told.files.map(({ fuid }) => fuid),
  });
  assert.partialDeepStrictEqual(told.files, [
    { source: 'SMTP', depth: 2, is_orig: true, seen_bytes: 16 },
    { depth: 3, filename: 'a.png', mime_type: 'image/png', seen_bytes: 10 },
  ]);
  assert.deepEqual([told.confirmed, told.weirds], [[''], []]);
});

test('bytes may come one by one', () => {
  assert.deepEqual(
    talk(ALL, 1).rows.map(({ subject, to }) => [subject, to?.length]),
    [['A\tlong one', 2]],
  );
});

test('chunks make up a message wherever they are cut, the last may be empty', () => {
  const first = 'Subject: cut in';
  const second = ` two\r\n\r\nbody`;
  const told = talk([
    ...HELLO,
    ...ENVELOPE,
    `C: BDAT ${first.length}\r\n${first}BDAT ${second.length + 2}\r\n${second}`,
    'S: 250 OK',
    'S: 250 OK',
    'C: BDAT 0 LAST',
    'S: 250 queued',
  ]);
  assert.partialDeepStrictEqual(told.rows, [{ subject: 'cut in two', last_reply: '250 queued' }]);
  assert.partialDeepStrictEqual(told.files, [{ depth: 1, seen_bytes: 6 }]);
});

test('several messages of a connection are told apart, one without reply is written at the end', () => {
  const letter = ['C: DATA', 'S: 354 go', 'C: Subject: x', 'C: ', 'C: ..dot', 'C: .'];
  const told = talk([...HELLO, ...ENVELOPE, ...letter, 'S: 250 1st', ...ENVELOPE, ...letter]);
  assert.deepEqual(
    told.rows.map(({ trans_depth, last_reply }) => [trans_depth, last_reply]),
    [
      [1, '250 1st'],
      [2, '354 go'],
    ],
  );
  assert.deepEqual(
    told.files.map(({ depth, seen_bytes }) => [depth, seen_bytes]),
    [
      [1, 6],
      [2, 6],
    ],
  );
});

test('a message inside a message is taken apart, a refused one has no content', () => {
  const letter = ['Content-Type: message/rfc822', '', 'Subject: inner', '', 'text of it'];
  const told = talk([...HELLO, ...ENVELOPE, 'C: DATA', ...letter.map((l) => `C: ${l}`), 'C: .']);
  assert.deepEqual([told.rows[0]?.subject, told.files[0]?.depth], [undefined, 2]);
  const refused = talk([...HELLO, ...ENVELOPE, 'C: DATA', 'S: 554 no', 'C: QUIT', 'S: 221 bye']);
  assert.deepEqual([refused.rows[0]?.last_reply, refused.files], ['221 bye', []]);
});

test('TLS gets what comes after the reply', () => {
  const told = talk([...HELLO, 'C: STARTTLS', 'S: 220 Ready']);
  assert.deepEqual(told.handedOver, ['ssl']);
  assert.partialDeepStrictEqual(told.rows, [{ tls: true, last_reply: '220 Ready' }]);
});

test('what a client says to log in is not taken for commands', () => {
  const told = talk([...HELLO, 'C: AUTH LOGIN', 'S: 334 VXNlcg==', 'C: MAIL', 'S: 235 OK', ...ENVELOPE]);
  assert.deepEqual(
    told.rows.map(({ mailfrom }) => mailfrom),
    ['ann@a.example'],
  );
});

test('transactions that make no sense are weird, too many of them end it', () => {
  const told = talk([...HELLO, 'C: RCPT TO:<a@b>', 'S: 503 no']);
  assert.deepEqual(told.weirds, ['smtp_mail_transaction_invalid rcpt to missing mail from']);
  const many = talk([...HELLO, ...Array.from({ length: 30 }, () => 'C: RCPT TO:<a@b>')]);
  assert.ok(many.weirds.includes('smtp_excessive_invalid_mail_transactions'));
});

test('a gap in a chunk is missing from the file, one elsewhere ends the message', () => {
  const told = connection(MAIL);
  const session = smtp.open(told);
  const lines = [...ENVELOPE, 'C: BDAT 60 LAST'].filter((line) => line.startsWith('C'));
  session.feed(
    ascii(`EHLO me\r\n${lines.map((line) => line.slice(3)).join(CRLF)}\r\nA: b\r\n\r\nbody`),
    true,
  );
  session.gap?.(20, true);
  session.feed(ascii(`${'x'.repeat(30)}\r\nQUIT\r\nDATA\r\nB: c`), true);
  session.gap?.(9, true);
  session.feed(ascii('lost\r\n'), true);
  session.close?.();
  assert.deepEqual(
    told.records.flatMap((record) => (record.kind === 'files' ? [record.missing_bytes] : [])),
    [20, 9],
  );
});

test('greetings are told by words, then by port, then by what the client says', () => {
  const greeting = (text: string, port = 9) => smtp.probe(ascii(text), false, port);
  assert.equal(greeting('220 a ESMTP\r\n'), 0.9);
  assert.equal(greeting('220 FTP server\r\n', 25), 0);
  assert.equal(greeting('220 hello\r\n', 25), 0.6);
  assert.equal(greeting('220 hello\r\n'), -1);
  assert.equal(greeting('250 hello\r\n'), 0);
  assert.equal(smtp.probe(ascii('EHLO x\r\n'), true, 9), 0.9);
  assert.equal(smtp.probe(ascii('EHL'), true, 9), -1);
  assert.equal(smtp.probe(ascii('EHLO x\r\n'), false, 9), 0);
  assert.equal(smtp.probe(ascii('hello world'), true, 9), 0);
  assert.deepEqual(talk(['S: 220 a', 'C: USER a']).confirmed, []);
  assert.deepEqual(talk(['S: hello']).rows, []);
});

test('damaged conversations are borne', () => {
  torture(smtp, [ascii(ALL.map((line) => line.slice(3)).join(CRLF)), ascii('BDAT 99 LAST\r\n')], 300);
});
