/** Client and server hellos with their extensions. RFC 5246 §7.4.1, RFC 8446 §4.1, RFC 6347 §4.2.1. */
import { latin1, Reader } from '@thymus/core';
import { isDraft13, isGrease } from './names.ts';

/** Entries that are kept of any list; the longest honest cipher list seen has fewer than 200. */
const MAX_ENTRIES = 1024;

export const EXTENSION = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  alpn: 16,
  sessionTicket: 35,
  preSharedKey: 41,
  supportedVersions: 43,
  /** Where drafts of TLS 1.3 had the key share. */
  oldKeyShare: 40,
  keyShare: 51,
} as const;

export interface ClientHello {
  readonly version: number;
  readonly sessionId: string;
  readonly ciphers: readonly number[];
  /** Numbers of the extensions in their order. */
  readonly extensions: number[];
  serverName?: string;
  groups: readonly number[];
  pointFormats: readonly number[];
  signatures: readonly number[];
  versions: readonly number[];
  alpn: readonly string[];
  /** A ticket of an earlier session came with it. */
  hasTicket: boolean;
}

export interface ServerHello {
  /** The version field; `selectedVersion` overrides it. */
  readonly version: number;
  readonly sessionId: string;
  readonly cipher: number;
  readonly extensions: number[];
  /** It asks for another client hello. RFC 8446 §4.1.3. */
  readonly isRetry: boolean;
  selectedVersion?: number;
  group?: number;
  alpn?: string;
  hasPreSharedKey: boolean;
}

function numbers16(r: Reader, bytes: number): number[] {
  const list: number[] = [];
  const end = r.at + bytes;
  for (let at = r.at; at + 2 <= end && at + 2 <= r.end && list.length < MAX_ENTRIES; at += 2) {
    list.push((r.bytes[at]! << 8) | r.bytes[at + 1]!);
  }
  r.skip(bytes);
  return list;
}

function readServerName(r: Reader): string | undefined {
  const end = Math.min(r.end, r.u16() + r.at);
  while (r.at < end && !r.bad) {
    const isHostName = r.u8() === 0;
    const name = r.take(r.u16());
    if (isHostName && !r.bad) return latin1(name, 0, Math.min(name.length, 1024));
  }
  return undefined;
}

function readProtocols(r: Reader): string[] {
  const list: string[] = [];
  r.u16();
  while (r.left > 0 && !r.bad && list.length < 64) list.push(r.latin1(r.u8()));
  return list;
}

/** Calls `read` for each extension with where its body stands; false if the list of extensions is broken. */
function eachExtension(r: Reader, read: (type: number, from: number, to: number) => void): boolean {
  if (r.left === 0) return true; // Before TLS 1.3 extensions may be missing altogether.
  const end = r.u16() + r.at;
  if (end > r.end) return false;
  for (let count = 0; r.at < end && count < MAX_ENTRIES; count++) {
    const type = r.u16();
    const length = r.u16();
    if (r.at + length > end) return false;
    read(type, r.at, r.at + length);
    r.skip(length);
  }
  return !r.bad;
}

/** The extensions that Zeek's columns are made of. */
function readClientExtension(hello: ClientHello, type: number, r: Reader): void {
  if (type === EXTENSION.serverName) {
    const name = readServerName(r);
    if (name !== undefined) hello.serverName ??= name;
  } else if (type === EXTENSION.sessionTicket) hello.hasTicket = r.left > 0;
}

/** The extensions that fingerprints are made of. */
function readPrintedExtension(hello: ClientHello, type: number, r: Reader): void {
  hello.extensions.push(type);
  switch (type) {
    case EXTENSION.groups:
      hello.groups = numbers16(r, r.u16());
      break;
    case EXTENSION.pointFormats:
      hello.pointFormats = Array.from(r.take(r.u8()));
      break;
    case EXTENSION.signatures:
      hello.signatures = numbers16(r, r.u16());
      break;
    case EXTENSION.supportedVersions:
      hello.versions = numbers16(r, r.u8());
      break;
    case EXTENSION.alpn:
      hello.alpn = readProtocols(r);
      break;
  }
}

/**
 * Reads the body of a client hello; undefined if it is broken. DTLS has a cookie in it. The lists that only fingerprints
 * need stay empty unless `hasPrint`: they cost more than the rest.
 */
export function readClientHello(
  body: Uint8Array,
  isDatagram: boolean,
  hasPrint: boolean,
): ClientHello | undefined {
  const r = new Reader(body);
  const version = r.u16();
  r.skip(32);
  const sessionId = r.latin1(r.u8());
  if (isDatagram) r.skip(r.u8());
  const cipherBytes = r.u16();
  const ciphers = hasPrint ? numbers16(r, cipherBytes) : [];
  if (!hasPrint) r.skip(cipherBytes);
  r.skip(r.u8());
  if (r.bad || cipherBytes < 2) return undefined;
  const hello: ClientHello = {
    version,
    sessionId,
    ciphers,
    extensions: [],
    groups: [],
    pointFormats: [],
    signatures: [],
    versions: [],
    alpn: [],
    hasTicket: false,
  };
  const isSound = eachExtension(r, (type, from, to) => {
    if (type === EXTENSION.serverName || type === EXTENSION.sessionTicket)
      readClientExtension(hello, type, new Reader(body, from, to));
    if (hasPrint) readPrintedExtension(hello, type, new Reader(body, from, to));
  });
  return isSound ? hello : undefined;
}

function readServerExtension(hello: ServerHello, type: number, r: Reader): void {
  hello.extensions.push(type);
  switch (type) {
    case EXTENSION.supportedVersions:
      hello.selectedVersion = r.u16();
      break;
    case EXTENSION.keyShare:
    case EXTENSION.oldKeyShare: {
      const group = r.u16();
      // A request to try again names the group alone.
      if (!r.bad && (r.left === 0 || r.u16() === r.left)) hello.group = group;
      break;
    }
    case EXTENSION.alpn: {
      const [protocol] = readProtocols(r);
      if (protocol) hello.alpn = protocol;
      break;
    }
    case EXTENSION.preSharedKey:
      hello.hasPreSharedKey = true;
      break;
  }
}

/** SHA-256 of "HelloRetryRequest": the random of a hello that asks for another. RFC 8446 §4.1.3. */
const RETRY_RANDOM = Uint8Array.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'.match(/../g)!,
  (byte) => Number.parseInt(byte, 16),
);

/** Reads the body of a server hello; undefined if it is broken. */
export function readServerHello(body: Uint8Array): ServerHello | undefined {
  const r = new Reader(body);
  const version = r.u16();
  const random = r.take(32);
  // Drafts of TLS 1.3 up to 21 had neither session nor compression in it.
  const sessionId = isDraft13(version) ? '' : r.latin1(r.u8());
  const cipher = r.u16();
  if (!isDraft13(version)) r.u8();
  if (r.bad) return undefined;
  const hello: ServerHello = {
    version,
    sessionId,
    cipher,
    extensions: [],
    isRetry: random.every((byte, i) => byte === RETRY_RANDOM[i]),
    hasPreSharedKey: false,
  };
  const isSound = eachExtension(r, (type, from, to) =>
    readServerExtension(hello, type, new Reader(body, from, to)),
  );
  return isSound ? hello : undefined;
}

/** A list without the values that only test whether they are ignored. */
export const withoutGrease = (list: readonly number[]): number[] => list.filter((code) => !isGrease(code));
