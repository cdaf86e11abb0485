import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ntlm } from '@thymus/core';
import { ascii, connection, Stream } from '../harness.ts';
import { http } from '../http.ts';

const message = (type: string, user = ''): string => {
  const fields = `${'0000000040000000'.repeat(3)}${Buffer.of(user.length).toString('hex')}00${Buffer.of(user.length).toString('hex')}0040000000${'0000000040000000'.repeat(2)}00000000`;
  return Buffer.from(
    `4e544c4d53535000${type}000000${fields}${Buffer.from(user).toString('hex')}`,
    'hex',
  ).toString('base64');
};
const request = (token: string): string => `>GET / HTTP/1.1\r\nAuthorization: NTLM ${token}\r\n\r\n`;
const reply = (status: string, token = ''): string =>
  `<HTTP/1.1 ${status}\r\nContent-Length: 0\r\n${token === '' ? '' : `WWW-Authenticate: NTLM ${token}\r\n`}\r\n`;

function play(steps: string[]) {
  const told = connection({ proto: 'tcp', dest_port: 80 });
  const session = (http.create?.() ?? http).open(told);
  const streams = { '>': new Stream(session, true), '<': new Stream(session, false) };
  for (const step of steps) streams[step[0] as '>' | '<'].push(ascii(step.slice(1)));
  session.close?.();
  return { ...told, logins: told.records.filter((record): record is Ntlm => record.kind === 'ntlm') };
}

test('log-ins by NTLM are told with what the server made of them', () => {
  const attempt = (status: string) => [
    request(message('01')),
    reply('401 Unauthorized', message('02')),
    request(message('03', 'ann')),
    reply(status),
  ];
  const { logins, confirmed } = play([...attempt('401 Unauthorized'), ...attempt('200 OK')]);
  assert.deepEqual(
    logins.map(({ username, success }) => [username, success]),
    [
      ['ann', false],
      ['ann', true],
    ],
  );
  assert.equal(confirmed.includes('ntlm'), true);
});

test('other schemes and what is no token say nothing', () => {
  assert.deepEqual(play([request('%%%'), reply('200 OK')]).logins, []);
  assert.deepEqual(play([request('QUJD'), reply('200 OK')]).logins, []);
});
