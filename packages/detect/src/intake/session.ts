/** Administrative sessions that are known by their port: WinRM (MS-WSMV) and remote desktop (MS-RDPBCGR). */
import { type Conn, type ConnUpdate, DAY } from '@thymus/core';
import type { Observation } from '../observation.ts';
import type { Intake } from './intake.ts';

const SESSIONS = new Map([
  [3389, 'remote desktop'],
  [5985, 'remote management'],
  [5986, 'remote management'],
]);

export function observeSession(o: Observation, record: Conn | ConnUpdate, intake: Intake): void {
  const operation = SESSIONS.get(o.port);
  // A scan that only opens the port is no session.
  if (!operation || record.proto !== 'tcp' || (record.orig_bytes ?? 0) === 0) return;
  observeAdmin(o, operation, intake);
}

/** An operation on another machine; new if this device never did it there. */
export function observeAdmin(o: Observation, operation: string, intake: Intake): void {
  const { kind, isNew } = o;
  o.kind = 'admin';
  o.message = operation;
  o.isNew = intake.isNew(o.life, `a|${operation}|${o.ip}`, o.time);
  o.isHabit = o.time - intake.firstTime(o.life, `o|${operation}`, o.time) > DAY;
  intake.world.rarity.operation.note(operation, o.device.did, o.time);
  intake.emit(o);
  o.kind = kind;
  o.isNew = isNew;
  o.isHabit = false;
  o.message = '';
}
