/** SSH log-ins that were refused, as far as the sizes of packets tell. RFC 4252. */
import type { Ssh } from '@thymus/core';
import type { Ends } from './conn.ts';
import type { Intake } from './intake.ts';

export function takeSsh(record: Ssh, intake: Intake): Ends {
  const source = intake.speaker(record.source_ip, record.ts);
  const dest = intake.world.tracker.at(record.dest_ip);
  if (!source || record.auth_success !== false) return { source, dest };
  const o = intake.observation('login', intake.now, source);
  intake.world.pattern.open(source, o.life, o.time);
  o.uid = record.uid;
  o.proto = 'tcp';
  o.service = 'ssh';
  o.ip = record.dest_ip;
  o.port = record.dest_port;
  o.peer = dest;
  o.external = intake.scope.of(record.dest_ip) === 'external';
  o.message = 'ssh';
  o.failed = true;
  // The connection itself counts as an attempt when it ends.
  o.size = 0;
  intake.emit(o);
  return { source, dest };
}
