/** Lookups: names for addresses, names that do not exist, information hidden in names. RFC 1035. */
import type { Dns } from '@thymus/core';
import { leak } from '../rarity/tunnel.ts';
import type { Ends } from './conn.ts';
import type { Intake } from './intake.ts';

/** Names of the reverse tree and of the local link leave the network in no useful way (RFC 3596, 6761, 6762). */
const LOCAL = /(^|\.)(arpa|local|localhost|lan|home|internal|intranet)$/;

export function takeDns(record: Dns, intake: Intake): Ends {
  const source = intake.speaker(record.source_ip, record.ts);
  const dest = intake.world.tracker.at(record.dest_ip);
  const name = (record.query ?? '').toLowerCase();
  if (record.dest_port === 53) remember(record, name, intake);
  if (!source || name === '' || record.dest_port !== 53) return { source, dest };
  const o = intake.observation('lookup', intake.now, source);
  intake.world.pattern.open(source, o.life, o.time);
  o.uid = record.uid;
  o.proto = record.proto;
  o.service = 'dns';
  o.port = record.dest_port;
  o.ip = record.dest_ip;
  o.peer = dest;
  o.external = intake.scope.of(record.dest_ip) === 'external';
  o.message = name;
  o.failed = record.rcode_name === 'NXDOMAIN';
  intake.emit(o);
  if (!LOCAL.test(name) && name.includes('.')) {
    // From here on it is about the domain, which lies outside whoever answers for it.
    o.external = true;
    o.host = o.domain = intake.domainOf(plainPart(name));
    const { bits, channel } = leak(o.life.channels, name, o.domain, o.time);
    intake.world.rarity.domain.note(o.domain, source.did, o.time);
    if (bits > 0) {
      o.kind = 'tunnel';
      o.size = bits;
      o.message = name;
      o.isNew = channel.names === 1;
      intake.emit(o);
    }
  }
  return { source, dest };
}

/** The part of a name behind its last odd character: tunnels put raw bytes into names, and suffix lists refuse those. */
function plainPart(name: string): string {
  const odd = /^.*[^a-z0-9._-]/.exec(name)?.[0].length ?? 0;
  const dot = odd === 0 ? -1 : name.indexOf('.', odd);
  return odd === 0 || dot < 0 ? name : name.slice(dot + 1);
}

function remember(record: Dns, name: string, intake: Intake): void {
  if (name === '' || !record.answers) return;
  for (const answer of record.answers) {
    if (intake.scope.of(answer) !== 'unspecified') intake.named(answer, name);
  }
}
