/** Certificate messages: the chain of one side, its fingerprints, and x509 records of what is new. RFC 5246 §7.4.2. */
import { hash } from 'node:crypto';
import { Reader, type X509 } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import type { FileStart } from '../../files/transfer.ts';
import { derAt, SEQUENCE } from '../der.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { KnownCertificates } from '../x509/known.ts';
import { isTorShape } from './tor.ts';

/** Certificates that are read of one chain; honest chains have fewer than 10. */
const MAX_CHAIN = 32;

/** The certificates of a message, as views; undefined if its lengths do not add up. */
export function readChain(body: Uint8Array): Uint8Array[] | undefined {
  const r = new Reader(body);
  if (r.u24() !== r.left) return undefined;
  const chain: Uint8Array[] = [];
  while (r.left > 0 && !r.bad && chain.length < MAX_CHAIN) chain.push(r.take(r.u24()));
  return r.bad ? undefined : chain;
}

/** Of the first of a chain, and of the others. */
const MIME_TYPES = ['application/x-x509-user-cert', 'application/x-x509-ca-cert'] as const;

function tellFile(bytes: Uint8Array, start: FileStart, connection: Connection): void {
  const file = connection.file(start);
  file.data(bytes);
  file.end();
}

export interface Chain {
  /** SHA-256 of each certificate, hexadecimal. */
  readonly fingerprints: string[];
  /** The first of the chain: whose it is. */
  readonly first: Certificate | undefined;
}

/**
 * Reads the certificates of one side and emits a record of each that was not told of within the last day, and of each
 * as a file that `source` carried where that is wanted.
 */
export function announceChain(
  chain: readonly Uint8Array[],
  isClient: boolean,
  serverName: string | undefined,
  known: KnownCertificates,
  connection: Connection,
  source = 'SSL',
): Chain {
  const { ts, uid, source_ip, source_port, dest_ip, dest_port } = connection;
  const fingerprints: string[] = [];
  let first: Certificate | undefined;
  for (const [depth, bytes] of chain.entries()) {
    if (derAt(bytes)?.tag !== SEQUENCE) continue;
    const fingerprint = hash('sha256', bytes);
    const roles = { host_cert: depth === 0, client_cert: isClient };
    const isNew = known.isNew(`${fingerprint}${roles.host_cert}${roles.client_cert}`, ts);
    const certificate = depth === 0 || isNew ? known.read(fingerprint, bytes) : undefined;
    if (depth === 0) first = certificate;
    fingerprints.push(fingerprint);
    if (connection.fileOptions.certificates) {
      const digests = known.digests(fingerprint, bytes);
      tellFile(
        bytes,
        { source, isOrig: isClient, mimeType: MIME_TYPES[depth === 0 ? 0 : 1], digests },
        connection,
      );
    }
    if (!isNew || !certificate) continue;
    const record: X509 = {
      kind: 'x509',
      ts,
      fingerprint,
      ...certificate.columns,
      ...roles,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
    };
    if (serverName !== undefined) record.host = serverName;
    connection.emit(record);
  }
  const names = isClient ? undefined : first?.columns;
  if (names && isTorShape(chain.length, names.certificate_subject, names.certificate_issuer)) {
    connection.confirm('tor');
  }
  return { fingerprints, first };
}
