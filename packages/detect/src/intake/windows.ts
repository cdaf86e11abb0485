/** What Windows machines do to each other: log-ins, remote calls, shares and files. MS-KILE, MS-NLMP, MS-RPCE, MS-SMB2. */
import type { DceRpc, Kerberos, Ntlm, Rdp, SmbFiles, SmbMapping } from '@thymus/core';
import { hostPart, machineOf, NAME_RANK, personOf } from '../devices/names.ts';
import type { DeviceState } from '../devices/state.ts';
import type { Observation, ObservationKind } from '../observation.ts';
import { operationOf } from './admin-operations.ts';
import type { Ends } from './conn.ts';
import type { Intake } from './intake.ts';
import { observeAdmin } from './session.ts';

type Record = DceRpc | Kerberos | Ntlm | Rdp | SmbFiles | SmbMapping;

function endsOf(record: Record, intake: Intake): Ends {
  return {
    source: intake.speaker(record.source_ip, record.ts),
    dest: intake.world.tracker.at(record.dest_ip),
  };
}

function about(kind: ObservationKind, record: Record, device: DeviceState, intake: Intake): Observation {
  const o = intake.observation(kind, intake.now, device);
  intake.world.pattern.open(device, o.life, o.time);
  o.uid = record.uid;
  o.proto = 'tcp';
  o.ip = record.dest_ip;
  o.port = record.dest_port;
  o.peer = intake.world.tracker.at(record.dest_ip);
  o.external = intake.scope.of(record.dest_ip) === 'external';
  return o;
}

/** Refusals that mean a wrong name or password (RFC 4120 section 7.5.9); others are part of normal business. */
const WRONG = /PREAUTH_FAILED|C_PRINCIPAL_UNKNOWN|CLIENT_REVOKED|KEY_EXPIRED/;

export function takeKerberos(record: Kerberos, intake: Intake): Ends {
  const ends = endsOf(record, intake);
  if (!ends.source) return ends;
  const machine = machineOf(record.client);
  if (machine !== '') {
    ends.source = intake.world.tracker.machine(ends.source, record.source_ip, machine, record.ts);
  }
  const person = personOf(record.client);
  const isWrong = record.success === false && WRONG.test(record.error_msg ?? '');
  const isRight = record.success === true && record.request_type === 'AS';
  if (person !== '' && (isWrong || isRight)) login(record, ends.source, person, isWrong, 'kerberos', intake);
  return ends;
}

export function takeNtlm(record: Ntlm, intake: Intake): Ends {
  const ends = endsOf(record, intake);
  if (!ends.source) return ends;
  const name = hostPart(record.hostname);
  if (name !== '') intake.world.tracker.name(ends.source, name, NAME_RANK.ntlm);
  const person = personOf(record.username);
  if (person !== '') login(record, ends.source, person, record.success === false, 'ntlm', intake);
  return ends;
}

function login(
  record: Kerberos | Ntlm,
  device: DeviceState,
  person: string,
  failed: boolean,
  service: string,
  intake: Intake,
): void {
  const o = about('login', record, device, intake);
  o.service = service;
  o.message = person;
  o.failed = failed;
  // A log-in whose result is known is no guess by its size.
  o.size = failed ? 1 : 0;
  intake.emit(o);
  if (failed) return;
  o.kind = 'credential';
  o.isNew = intake.world.tracker.credential(device, person, o.time);
  intake.world.rarity.credential.note(person, device.did, o.time);
  intake.emit(o);
}

export function takeRdp(record: Rdp, intake: Intake): Ends {
  const ends = endsOf(record, intake);
  if (!ends.source) return ends;
  const name = hostPart(record.client_name);
  if (name !== '') intake.world.tracker.name(ends.source, name, NAME_RANK.rdp);
  return ends;
}

export function takeDceRpc(record: DceRpc, intake: Intake): Ends {
  const ends = endsOf(record, intake);
  const operation = operationOf(record.endpoint, record.operation);
  if (!ends.source || operation === '') return ends;
  const o = about('admin', record, ends.source, intake);
  o.service = 'dce_rpc';
  observeAdmin(o, operation, intake);
  return ends;
}

/** Shares that only administrators may open (MS-SRVS section 3.1.4.7): ADMIN$ and those of drives. */
const ADMIN_SHARE = /\\(admin|[a-z])\$(\\|$)/i;

export function takeSmbMapping(record: SmbMapping, intake: Intake): Ends {
  const ends = endsOf(record, intake);
  if (!ends.source || !ADMIN_SHARE.test(record.path ?? '')) return ends;
  const o = about('admin', record, ends.source, intake);
  o.service = 'smb';
  observeAdmin(o, 'administrative share', intake);
  return ends;
}

const CHANGES = /WRITE|RENAME|DELETE/;
const RUNNABLE = /\.(exe|dll|sys|scr|com|pif|msi|ps1|bat|cmd|vbs|vbe|js|jse|wsf|hta|xll|cpl|job)$/i;

/** What a changed file is called in messages: kind of file, then where; models look for these words. */
export function takeSmbFiles(record: SmbFiles, intake: Intake): Ends {
  const ends = endsOf(record, intake);
  if (!ends.source || !CHANGES.test(record.action ?? '')) return ends;
  const path = `${record.path ?? ''}\\${record.name ?? ''}`;
  const o = about('file', record, ends.source, intake);
  o.service = 'smb';
  const kind = RUNNABLE.test(record.name ?? '') ? 'program' : 'file';
  const place = ADMIN_SHARE.test(path) ? 'administrative share' : 'share';
  const deed = (record.action ?? '').replace(/^SMB::FILE_/, '').toLowerCase();
  o.message = `${deed} ${kind} on ${place}: ${path}`.slice(0, 250);
  o.isNew = intake.isNew(o.life, `f|${record.path ?? ''}`, o.time);
  intake.world.rarity.share.note(record.path ?? '', o.device.did, o.time);
  intake.emit(o);
  return ends;
}
