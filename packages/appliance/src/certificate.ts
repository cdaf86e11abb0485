/** The certificate of the web interface: made at the first start, kept in the data folder. RFC 5280, CA/B 7.1.2.7. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ThymusError } from '@thymus/core';
import { generate } from 'selfsigned';

export interface Certificate {
  key: string;
  cert: string;
  /** SHA-256, as browsers show it. */
  fingerprint: string;
}

const KEY = 'tls.key';
const CERT = 'tls.crt';
const DAY = 86_400_000;
/** Browsers refuse longer ones. */
const LIFE = 397 * DAY;
/** A certificate of ours is made anew this long before it ends. */
const RENEW = 30 * DAY;

/** The issuer's name by which certificates that were made here are told from those that somebody put there. */
const ORGANISATION = 'Thymus';

/** Reads the certificate of a data folder, or makes one that is good for this machine. Throws BAD_FILE. */
export async function loadCertificate(folder: string, now: number): Promise<Certificate> {
  const [keyPath, certPath] = [join(folder, KEY), join(folder, CERT)];
  const known = existsSync(keyPath) && existsSync(certPath) ? read(keyPath, certPath) : undefined;
  if (known && !mustRenew(known, now)) return known;
  const made = await make(now);
  write(keyPath, made.key, 0o600);
  write(certPath, made.cert, 0o644);
  return made;
}

/** Somebody's own certificate is never replaced; an expired one is theirs to renew. */
function mustRenew({ cert }: Certificate, now: number): boolean {
  const x509 = new X509Certificate(cert);
  return x509.issuer.includes(`O=${ORGANISATION}`) && x509.validToDate.getTime() - now < RENEW;
}

function read(keyPath: string, certPath: string): Certificate {
  const [key, cert] = [readFileSync(keyPath, 'utf8'), readFileSync(certPath, 'utf8')];
  try {
    return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256 };
  } catch (cause) {
    throw new ThymusError('BAD_FILE', `${certPath} is no certificate in PEM form.`, { cause });
  }
}

async function make(now: number): Promise<Certificate> {
  const name = hostname();
  const { private: key, cert } = await generate(
    [
      { name: 'commonName', value: name },
      { name: 'organizationName', value: ORGANISATION },
    ],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      notBeforeDate: new Date(now - DAY),
      notAfterDate: new Date(now + LIFE),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            ...(name === 'localhost' ? [] : [{ type: 2 as const, value: name }]),
            { type: 7, ip: '127.0.0.1' },
            { type: 7, ip: '::1' },
          ],
        },
      ],
    },
  );
  return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256 };
}

/** Written beside and moved into place, so that a crash leaves no half key. */
function write(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
