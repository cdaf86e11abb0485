/** TLS handshakes and HTTP requests: names of ends, fingerprints of clients, certificates. RFC 8446, RFC 9110. */
import type { Http, Ssl, X509 } from '@thymus/core';
import type { DeviceState } from '../devices/state.ts';
import { noteAgent } from '../devices/types.ts';
import type { Observation } from '../observation.ts';
import { knownPair } from '../rarity/pairs.ts';
import type { Ends } from './conn.ts';
import type { Intake } from './intake.ts';

export function takeSsl(record: Ssl, intake: Intake): Ends {
  const session = intake.session(record.uid);
  session.host = nameOnly(record.server_name, intake);
  session.ja3 = record.ja3 ?? '';
  session.selfSigned =
    record.self_signed ??
    (isOwnIssuer(record.subject, record.issuer) || intake.isSelfSigned(record.cert_chain_fps?.[0]));
  const ends = endsOf(record, intake);
  if (!ends.source) return ends;
  const o = talk('handshake', record, ends.source, intake);
  o.ja3 = session.ja3;
  o.selfSigned = session.selfSigned;
  if (o.ja3 !== '' && o.external) intake.world.rarity.ja3.note(o.ja3, o.device.did, o.time);
  intake.emit(o);
  return ends;
}

const isOwnIssuer = (subject: string | undefined, issuer: string | undefined): boolean =>
  subject !== undefined && subject !== '' && subject === issuer;

export function takeHttp(record: Http, intake: Intake): Ends {
  const host = nameOnly(record.host?.replace(/:\d+$/, ''), intake);
  if (host !== '') intake.session(record.uid).host = host;
  const ends = endsOf(record, intake);
  if (!ends.source) return ends;
  const o = talk('request', record, ends.source, intake);
  o.userAgent = record.user_agent ?? '';
  o.message = `${record.method ?? ''} ${record.uri ?? ''}`.slice(0, 200);
  if (o.userAgent !== '') {
    if (noteAgent(ends.source, o.userAgent)) intake.world.tracker.markChanged(ends.source);
    if (o.external) intake.world.rarity.agent.note(o.userAgent, o.device.did, o.time);
  }
  intake.emit(o);
  return ends;
}

export function takeX509(record: X509, intake: Intake): void {
  const { certificate_subject: subject, certificate_issuer: issuer } = record;
  intake.certificate(record.fingerprint, subject !== '' && subject === issuer);
}

/** The name of a server in lower case; an address is no name. */
function nameOnly(name: string | undefined, intake: Intake): string {
  if (!name?.includes('.') || name.length > 253) return '';
  return intake.scope.of(name) === 'unspecified' ? name.toLowerCase() : '';
}

type Message = Ssl | Http;

function endsOf(record: Message, intake: Intake): Ends {
  return {
    source: intake.speaker(record.source_ip, record.ts),
    dest: intake.world.tracker.at(record.dest_ip),
  };
}

function talk(
  kind: 'handshake' | 'request',
  record: Message,
  device: DeviceState,
  intake: Intake,
): Observation {
  const o = intake.observation(kind, intake.now, device);
  intake.world.pattern.open(device, o.life, o.time);
  o.uid = record.uid;
  o.proto = 'tcp';
  o.service = record.kind;
  o.ip = record.dest_ip;
  o.port = record.dest_port;
  o.peer = intake.world.tracker.at(record.dest_ip);
  o.external = intake.scope.of(record.dest_ip) === 'external';
  o.host = o.external ? intake.session(record.uid).host || intake.hostOf(record.dest_ip) : '';
  o.domain = o.host === '' ? '' : intake.domainOf(o.host);
  o.pair = knownPair(o.life.pairs, `${o.endpoint}:${o.port}`);
  return o;
}
