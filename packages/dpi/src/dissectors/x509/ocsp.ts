/** OCSP responses: the state of each certificate that they speak of. RFC 6960 §4.2.1; rows as Zeek's ocsp.log. */
import type { Ocsp } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { hexText } from '../../text.ts';
import {
  children,
  content,
  context,
  type Der,
  derAt,
  derOid,
  derTime,
  INTEGER,
  inner,
  OCTET_STRING,
  SEQUENCE,
  tagged,
} from '../der.ts';
import oids from './oids.json' with { type: 'json' };

export const OCSP_RESPONSE = 'application/ocsp-response';

const BASIC = '1.3.6.1.5.5.7.48.1.1';
const HASHES: Readonly<Record<string, string>> = oids.hashes;
/** Certificates that are read of one response; most speak of one. */
const MOST = 64;

/** RFC 5280 §5.3.1, by number; 7 is not used. */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** A single response's state, by the number of its tag. */
const STATES = ['good', 'revoked', 'unknown'];
const TAG = 0x1f;
const ENUMERATED = 10;

const hexOf = (der: Der | undefined): string => {
  if (!der) return '';
  let { from } = der;
  if (der.tag === INTEGER) while (from + 1 < der.to && der.bytes[from] === 0) from++;
  return hexText(der.bytes, from, Math.min(der.to, from + 64)).toUpperCase();
};

/** The records of a response; none where it is broken, or says no more than that there is no answer. */
export function readOcspResponse(bytes: Uint8Array, fuid: string, connection: Connection): Ocsp[] {
  const [, answer] = children(derAt(bytes), 2);
  const [type, basic] = children(inner(answer), 2);
  if (derOid(type) !== BASIC || basic?.tag !== OCTET_STRING) return [];
  const data = inner(derAt(content(basic)));
  const responses = children(data).find(({ tag }) => tag === SEQUENCE);
  return children(responses, MOST).flatMap((single) => {
    const row = readSingle(single, fuid, connection);
    return row ? [row] : [];
  });
}

function readSingle(single: Der, fuid: string, connection: Connection): Ocsp | undefined {
  const parts = children(single, 5);
  const [id, status, thisUpdate] = parts;
  const [algorithm, name, key, serial] = children(id, 4);
  const state = status && STATES[status.tag & TAG];
  if (!serial || state === undefined) return undefined;
  const { ts, uid, source_ip, source_port, dest_ip, dest_port } = connection;
  const oid = derOid(inner(algorithm));
  const row: Ocsp = {
    kind: 'ocsp',
    ts,
    fuid,
    hash_algorithm: HASHES[oid] ?? oid,
    issuer_name_hash: hexOf(name),
    issuer_key_hash: hexOf(key),
    serial_number: hexOf(serial),
    cert_status: state,
    this_update: derTime(thisUpdate),
    next_update: derTime(tagged(parts.slice(3), 0)),
    uid,
    source_ip,
    source_port,
    dest_ip,
    dest_port,
  };
  if (state === 'revoked') {
    const [time, ...rest] = children(status, 2);
    row.revoke_time = derTime(time);
    row.revoke_reason = reasonOf(rest.find(({ tag }) => tag === context(0)));
  }
  return row;
}

function reasonOf(wrapped: Der | undefined): string | undefined {
  const reason = inner(wrapped);
  return reason?.tag === ENUMERATED && reason.to > reason.from
    ? REASONS[reason.bytes[reason.from]!]
    : undefined;
}
