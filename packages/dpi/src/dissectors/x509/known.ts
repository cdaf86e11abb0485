/** Certificates that were seen already: each is read once and worth one x509 record a day, as in Zeek. */
import { hash } from 'node:crypto';
import type { Digests } from '../../files/transfer.ts';
import { type Certificate, readCertificate } from './certificate.ts';

const DAY = 86_400_000;
/** Certificates remembered as told of; at 100 bytes each this stays under 10 MB. */
const MOST = 65_536;
/** Certificates kept as read; at some 2 KB each this stays under 5 MB. */
const MOST_READ = 2048;

/** Adds an entry; forgets the oldest if there are too many. */
function remember<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  if (map.size >= most) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** The certificates that one engine has seen, by fingerprint. */
export class KnownCertificates {
  readonly #told = new Map<string, number>();
  readonly #digests = new Map<string, Digests>();
  readonly #read = new Map<string, Certificate | undefined>();

  /** True if the key (a fingerprint and a role) was not seen within the last day before `ts`; remembers it. */
  isNew(key: string, ts: number): boolean {
    const told = this.#told.get(key);
    if (told !== undefined && ts - told < DAY) return false;
    remember(this.#told, key, ts, MOST);
    return true;
  }

  /** The certificate with a fingerprint, read from its bytes unless it is known; undefined if they are none. */
  read(fingerprint: string, bytes: Uint8Array): Certificate | undefined {
    if (this.#read.has(fingerprint)) return this.#read.get(fingerprint);
    const certificate = readCertificate(bytes);
    remember(this.#read, fingerprint, certificate, MOST_READ);
    return certificate;
  }

  /** The hashes of a certificate with a fingerprint, as files records have them. */
  digests(fingerprint: string, bytes: Uint8Array): Digests {
    const known = this.#digests.get(fingerprint);
    if (known) return known;
    const digests = {
      md5: hash('md5', bytes),
      sha1: hash('sha1', bytes),
      sha256: fingerprint,
      analyzer: 'X509',
    };
    remember(this.#digests, fingerprint, digests, MOST_READ);
    return digests;
  }
}
