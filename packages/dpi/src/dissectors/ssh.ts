/**
 * SSH: versions, algorithms, host key, and whether the log-in succeeded. RFC 4253 §4 to §8; the sizes that tell success
 * from failure are those Zeek goes by; HASSH (salesforce/hassh, BSD-3-Clause).
 */
import { hash } from 'node:crypto';
import { Reader, type Ssh } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { fieldText, isTextByte, latin1Text } from '../text.ts';

/** Bytes of a packet that RFC 4253 §6.1 makes everybody bear. */
const MAX_PACKET = 35_000;
/** Bytes of lines before and including a server's version, RFC 4253 §4.2 gives no bound. */
const MAX_BANNER = 8192;
/** Encrypted segments of a server among which the outcome of a log-in is looked for. */
const MAX_SEGMENTS = 1000;

/** Characters that Zeek keeps of a host key's fingerprint. */
const ZEEK_FINGERPRINT = 39;

const KEXINIT = 20;
const NEWKEYS = 21;

/** What one side offers for the key exchange, in the order of RFC 4253 §7.1. */
interface Offer {
  readonly lists: readonly string[];
  readonly hassh: string | undefined;
}

type Phase = 'banner' | 'packets' | 'encrypted';

function readOffer(r: Reader, isClient: boolean, hasPrint: boolean): Offer | undefined {
  r.skip(16);
  const lists: string[] = [];
  for (let i = 0; i < 8; i++) lists.push(latin1Text(r.take(r.u32())));
  if (r.bad) return undefined;
  if (!hasPrint) return { lists, hassh: undefined };
  const own = isClient ? [0, 2, 4, 6] : [0, 3, 5, 7];
  return { lists, hassh: hash('md5', own.map((i) => lists[i]).join(';')) };
}

/** The first of the client's algorithms that the server knows. */
function agree(client: Offer, server: Offer, list: number): string {
  const known = new Set(server.lists[list]!.split(','));
  return client.lists[list]!.split(',').find((name) => known.has(name)) ?? 'Algorithm negotiation failed';
}

/** The same for a pair of lists, one for each direction, which hardly ever differ. */
function agreeBoth(client: Offer, server: Offer, list: number): string {
  const [up, down] = [agree(client, server, list), agree(client, server, list + 1)];
  return up === down ? up : `To server: ${up}, to client: ${down}`;
}

/** Number of the message that brings the host key: RFC 4253 §8, RFC 4419 §3, RFC 4432 §4, RFC 4462 §2.1. */
function hostKeyMessage(kex: string): number {
  if (kex.startsWith('diffie-hellman-group-exchange') || kex.startsWith('gss-')) return 33;
  return kex.startsWith('rsa') ? 30 : 31;
}

/** Major versions that a version text offers; 1.99 stands for both. RFC 4253 §5.1. */
function majors(text: string): number[] {
  if (text.startsWith('SSH-1.99')) return [2, 1];
  return text.startsWith('SSH-2') ? [2] : text.startsWith('SSH-1') ? [1] : [];
}

/**
 * Judges a log-in by the sizes of the server's encrypted segments: SERVICE_ACCEPT is 16 bytes longer than
 * USERAUTH_SUCCESS, and what comes in between and repeats is a USERAUTH_FAILURE.
 */
class LoginJudge {
  #acceptSize = 0;
  #failureSize = 0;
  #sawBanner = false;
  #sawClient = false;
  segments = 0;

  client(): void {
    this.#sawClient = true;
  }

  /** True: success; false: a failed attempt; undefined: neither. */
  server(size: number): boolean | undefined {
    if (!this.#sawClient) return undefined;
    this.segments++;
    if (this.#acceptSize === 0) this.#acceptSize = size;
    else if (this.#acceptSize - size === 16) return true;
    else if (this.#failureSize === 0) this.#firstFailure(size);
    else if (size === this.#failureSize) return false;
    return undefined;
  }

  /** The first refusal answers the question which methods there are; a long text before it is a banner. */
  #firstFailure(size: number): void {
    if (!this.#sawBanner && size - this.#acceptSize > 256) this.#sawBanner = true;
    else this.#failureSize = size;
  }
}

class SshSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #phases: [Phase, Phase] = ['banner', 'banner'];
  readonly #offers: [Offer | undefined, Offer | undefined] = [undefined, undefined];
  readonly #judge = new LoginJudge();
  #row: Ssh | undefined;
  #hostKeyMessage = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const side = fromOriginator ? 0 : 1;
    let at = 0;
    while (!this.done && at < bytes.length) {
      const size = this.#step(bytes, at, side);
      if (size < 0) return this.#break();
      if (size === 0) return at;
      at += size;
    }
    return bytes.length;
  }

  /** Sizes mean nothing any more once some are missing. */
  gap(): void {
    this.#finish();
  }

  close(): void {
    this.#finish();
  }

  /** Reads what stands at `at`: its size, 0 if it is not all there, negative if it is broken. */
  #step(bytes: Uint8Array, at: number, side: 0 | 1): number {
    if (this.#phases[side] === 'encrypted') return this.#encrypted(bytes.length - at, side);
    if (this.#phases[side] === 'banner') return this.#banner(bytes, at, side);
    return this.#packet(bytes, at, side);
  }

  #banner(bytes: Uint8Array, at: number, side: 0 | 1): number {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return bytes.length - at > MAX_BANNER ? -1 : 0;
    const isVersion = latin1Text(bytes, at, Math.min(at + 4, end)) === 'SSH-';
    if (!isVersion) return side === 1 && end < MAX_BANNER ? end + 1 - at : -1;
    const to = bytes[end - 1] === 0x0d ? end - 1 : end;
    const row = this.#record();
    row[side === 0 ? 'client' : 'server'] = fieldText(bytes, at, Math.min(to, at + 255));
    this.#phases[side] = 'packets';
    this.#compareVersions(row);
    return end + 1 - at;
  }

  #compareVersions(row: Ssh): void {
    if (row.client === undefined || row.server === undefined) return;
    const server = majors(row.server);
    const version = majors(row.client).find((major) => server.includes(major));
    this.#connection.confirm();
    if (version !== undefined) row.version = version;
    // Version 1 says nothing more that could be trusted, and strangers do not talk on.
    if (version !== 2) this.#finish();
  }

  #packet(bytes: Uint8Array, at: number, side: 0 | 1): number {
    const r = new Reader(bytes, at);
    const length = r.u32();
    if (r.bad) return 0;
    if (length < 2 || length > MAX_PACKET) return -1;
    if (r.left < length) return 0;
    const padding = r.u8();
    const payload = new Reader(bytes, r.at, r.at + Math.max(0, length - 1 - padding));
    return this.#message(payload.u8(), payload, side) ? 4 + length : -1;
  }

  #message(type: number, r: Reader, side: 0 | 1): boolean {
    if (type === KEXINIT) return this.#offer(r, side);
    if (type === NEWKEYS) this.#phases[side] = 'encrypted';
    if (type === this.#hostKeyMessage && side === 1) {
      const key = r.take(r.u32());
      if (r.bad) return false;
      const row = this.#record();
      row.host_key = `SHA256:${hash('sha256', key, 'base64').replace(/=+$/, '')}`;
      row.host_key_fingerprint = row.host_key.slice(0, ZEEK_FINGERPRINT);
    }
    return true;
  }

  #offer(r: Reader, side: 0 | 1): boolean {
    const offer = readOffer(r, side === 0, this.#connection.wantsOwn);
    if (!offer) return false;
    const row = this.#record();
    if (offer.hassh !== undefined) row[side === 0 ? 'hassh' : 'hassh_server'] = offer.hassh;
    this.#offers[side] = offer;
    const [client, server] = this.#offers;
    if (!client || !server) return true;
    row.kex_alg = agree(client, server, 0);
    row.host_key_alg = agree(client, server, 1);
    row.cipher_alg = agreeBoth(client, server, 2);
    row.mac_alg = agreeBoth(client, server, 4);
    row.compression_alg = agreeBoth(client, server, 6);
    this.#hostKeyMessage = hostKeyMessage(row.kex_alg);
    return true;
  }

  /** A segment that cannot be read: its size may tell how the log-in went, unless it is compressed. */
  #encrypted(size: number, side: 0 | 1): number {
    const row = this.#record();
    if (side === 0) this.#judge.client();
    else if (row.compression_alg?.startsWith('zlib')) this.#finish();
    else {
      const outcome = this.#judge.server(size);
      if (outcome !== undefined) {
        row.auth_success = outcome;
        row.auth_attempts++;
      }
      if (outcome || this.#judge.segments >= MAX_SEGMENTS) this.#finish();
    }
    return size;
  }

  #record(): Ssh {
    if (this.#row) return this.#row;
    const { ts, uid, source_ip, source_port, dest_ip, dest_port, local_orig, local_resp } = this.#connection;
    const row: Ssh = { kind: 'ssh', ts, uid, source_ip, source_port, dest_ip, dest_port, auth_attempts: 0 };
    if (local_orig !== local_resp) row.direction = local_orig ? 'OUTBOUND' : 'INBOUND';
    this.#row = row;
    return row;
  }

  #finish(): void {
    if (!this.done && this.#row) this.#connection.emit(this.#row);
    this.done = true;
    this.#row = this.#offers[0] = this.#offers[1] = undefined;
  }

  #break(): number {
    if (this.#row?.client !== undefined && this.#row.server !== undefined) {
      this.#connection.weird('ssh_invalid_packet', undefined, 'SSH');
    }
    this.#finish();
    return -1;
  }
}

/** True if a server's version follows lines of other text. */
function holdsVersion(bytes: Uint8Array): boolean {
  const text = latin1Text(bytes, 0, Math.min(bytes.length, MAX_BANNER));
  return /^[\t\r\n -~]*\nSSH-\d/.test(text);
}

const START = Uint8Array.from('SSH-', (c) => c.charCodeAt(0));

export const ssh: Dissector = {
  name: 'ssh',
  transports: ['tcp'],
  ports: [22, 2222],
  begins: isTextByte,
  probe(bytes, fromOriginator, destPort) {
    const n = Math.min(bytes.length, START.length);
    let same = 0;
    while (same < n && bytes[same] === START[same]) same++;
    if (same === n) return n === START.length ? 1 : -1;
    if (n < START.length) return 0;
    return destPort === 22 && !fromOriginator && holdsVersion(bytes) ? 0.8 : 0;
  },
  open: (connection) => new SshSession(connection),
};
