/** What the sensor alone can tell is wrong: certificates, weak encryption, guessing of passwords. Names as in Zeek's notice.log. */
import { DAY, MINUTE, type Notice, type Ssh, type Ssl, utcText, type X509 } from '@thymus/core';
import type { Emit } from '../face.ts';
import { remember } from './bounded.ts';

const MOST_TOLD = 16_384;
const MOST_GUESSERS = 4_096;
const MOST_SAMPLES = 5;

/** A certificate that ends within this time is told of. */
const SOON = 30 * DAY;
/** RSA and DSA keys below this can be broken: NIST SP 800-57 part 1. */
const LEAST_KEY_BITS = 2_048;
const WEAK_CIPHER = /_(?:NULL|EXPORT\d*|EXPORT1024|RC4|RC2|DES|DES40)_|_anon_/;
const OLD_VERSION = /^SSLv/;

/** Failed log-ins of one host within half an hour that are guessing: what Zeek takes. */
const GUESSES = 30;
const GUESSING_WINDOW = 30 * MINUTE;

interface Guesser {
  since: number;
  failures: number;
  readonly servers: Set<string>;
}

type Place = Pick<Notice, 'ts' | 'uid' | 'source_ip' | 'source_port' | 'dest_ip' | 'dest_port'>;

/** An instant as Zeek writes it in notices. */
const instant = (ts: number): string => utcText(ts).replace(' ', '-');

export class Notices {
  readonly #emit: Emit;
  readonly #told = new Map<string, number>();
  readonly #guessers = new Map<string, Guesser>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Takes the certificate of a server. */
  certificate(x: X509): void {
    const { ts, certificate_not_valid_after: until, certificate_not_valid_before: from } = x;
    const subject = x.certificate_subject;
    if (until < ts)
      this.#tell(x, 'SSL::Certificate_Expired', `Certificate ${subject} expired at ${instant(until)}`);
    else if (from > ts) {
      this.#tell(
        x,
        'SSL::Certificate_Not_Valid_Yet',
        `Certificate ${subject} isn't valid until ${instant(from)}`,
      );
    } else if (until - ts < SOON) {
      const msg = `Certificate ${subject} is going to expire at ${instant(until)}`;
      this.#tell(x, 'SSL::Certificate_Expires_Soon', msg);
    }
    if (subject === x.certificate_issuer) {
      const msg = 'SSL certificate validation failed with (self signed certificate)';
      this.#tell(x, 'SSL::Invalid_Server_Cert', msg, subject);
    }
    const bits = x.certificate_key_length ?? LEAST_KEY_BITS;
    if (x.certificate_key_type !== 'ecdsa' && bits < LEAST_KEY_BITS) {
      this.#tell(x, 'SSL::Weak_Key', `Host uses weak certificate with ${bits} bit key`, subject, bits);
    }
  }

  /** Takes the outcome of a TLS handshake. */
  handshake(ssl: Ssl): void {
    const { version, cipher } = ssl;
    if (version !== undefined && OLD_VERSION.test(version)) {
      const msg = `Host uses protocol version ${version} which is lower than the safe minimum TLSv10`;
      this.#tell(ssl, 'SSL::Old_Version', msg);
    }
    if (ssl.established && cipher !== undefined && WEAK_CIPHER.test(cipher)) {
      this.#tell(ssl, 'SSL::Weak_Cipher', `Host established connection using weak cipher ${cipher}`);
    }
  }

  /** Takes the outcome of an SSH connection. */
  login(ssh: Ssh): void {
    if (ssh.auth_success !== false) return;
    const { ts, source_ip, dest_ip } = ssh;
    let guesser = this.#guessers.get(source_ip);
    if (!guesser || ts - guesser.since > GUESSING_WINDOW) {
      guesser = { since: ts, failures: 0, servers: new Set() };
      remember(this.#guessers, source_ip, guesser, MOST_GUESSERS);
    }
    guesser.failures++;
    if (guesser.servers.size < MOST_SAMPLES) guesser.servers.add(dest_ip);
    if (guesser.failures !== GUESSES) return;
    const msg = `${source_ip} appears to be guessing SSH passwords (seen in ${GUESSES} connections).`;
    const sub = `Sampled servers: ${[...guesser.servers].join(', ')}`;
    const note = 'SSH::Password_Guessing';
    if (!this.#isNew(`${note} ${source_ip}`, ts)) return;
    this.#emit({ kind: 'notice', ts, note, msg, sub, src: source_ip, n: GUESSES, suppress_for: DAY });
  }

  /** True once a day for each key. */
  #isNew(key: string, ts: number): boolean {
    const last = this.#told.get(key);
    if (last !== undefined && ts - last < DAY) return false;
    remember(this.#told, key, ts, MOST_TOLD);
    return true;
  }

  #tell(place: Place, note: string, msg: string, sub?: string, n?: number): void {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = place;
    if (source_ip === undefined || dest_ip === undefined || dest_port === undefined) return;
    if (!this.#isNew(`${note} ${dest_ip} ${dest_port} ${sub ?? msg}`, ts)) return;
    const row: Notice = { kind: 'notice', ts, source_ip, dest_ip, dest_port, note, msg };
    if (uid !== undefined) row.uid = uid;
    if (source_port !== undefined) row.source_port = source_port;
    if (sub !== undefined) row.sub = sub;
    if (n !== undefined) row.n = n;
    this.#emit(Object.assign(row, { src: source_ip, dst: dest_ip, p: dest_port, suppress_for: DAY }));
  }
}
