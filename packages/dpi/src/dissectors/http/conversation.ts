/** Conversations for tests of HTTP: what client and server say in turn, and the rows that come of it. */
import type { Http } from '@thymus/core';
import { ascii, connection, NOON, Stream } from '../harness.ts';
import { http } from '../http.ts';

export const web = { proto: 'tcp', dest_port: 80 } as const;

/** A conversation: `>` from the client, `<` from the server, one ms apart; then both ends close. */
export function talk(turns: readonly (string | readonly ['<' | '>', Uint8Array])[]) {
  const told = connection(web);
  const dissector = http.create!();
  const session = dissector.open(told);
  const [up, down] = [new Stream(session, true), new Stream(session, false)];
  for (const [i, turn] of turns.entries()) {
    told.ts = NOON + i;
    const bytes = typeof turn === 'string' ? ascii(turn.slice(1)) : turn[1];
    (turn[0] === '>' ? up : down).push(bytes);
  }
  session.end?.(true);
  session.end?.(false);
  session.close?.();
  dissector.expire!(Number.POSITIVE_INFINITY);
  return {
    ...told,
    http: told.records.filter((record) => record.kind === 'http'),
    files: told.records.filter((record) => record.kind === 'files'),
  };
}

export const get = '>GET /a%20b HTTP/1.1\r\nHost: example.com\r\nUser-Agent: curl/8\r\n\r\n';
export const pick = (row: Http | undefined, ...names: (keyof Http)[]) => names.map((name) => row?.[name]);
