/** Guessing of passwords, where the protocol hides the result: many short sessions of one device with one log-in service. */
import type { Conn } from '@thymus/core';
import type { Observation } from '../observation.ts';
import type { Intake } from './intake.ts';

/** Services that people log in to; SMB, WinRM and databases make many short sessions by design and are left out. */
const PORTS = new Set([21, 22, 23, 3389, 5900]);
const SERVICES = /(^|,)(ftp|ssh|telnet|rdp|rfb|vnc)($|,)/;
/** A session that was used carries more: an SSH log-in with one command about 6 kB and more each way. */
const GUESS = { bytes: 10_000, duration: 30_000 };

export function observeLogin(o: Observation, record: Conn, isAnswered: boolean, intake: Intake): void {
  if (record.proto !== 'tcp' || !isAnswered || o.failed) return;
  if (!PORTS.has(o.port) && !SERVICES.test(o.service)) return;
  const { orig_bytes = 0, resp_bytes = 0, duration = 0 } = record;
  if (orig_bytes > GUESS.bytes || resp_bytes > GUESS.bytes || duration > GUESS.duration) return;
  // Both sides have to have spoken: a connection that was only opened is no attempt.
  if (orig_bytes === 0 || resp_bytes === 0) return;
  const { kind } = o;
  o.kind = 'login';
  o.message = o.service || `port ${o.port}`;
  intake.emit(o);
  o.kind = kind;
  o.message = '';
}
