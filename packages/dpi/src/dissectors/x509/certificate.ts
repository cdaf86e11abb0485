/** X.509 certificates: what x509 records say of them. RFC 5280; keys by RFC 3279, RFC 5480 and RFC 8410. */
import { formatAddress, formatV4, type X509 } from '@thymus/core';
import {
  BIT_STRING,
  children,
  content,
  context,
  type Der,
  derAt,
  derHex,
  derInteger,
  derLatin1,
  derOid,
  derTime,
  INTEGER,
  inner,
  OCTET_STRING,
  SEQUENCE,
  tagged,
} from '../der.ts';
import { commonName, formatName } from './name.ts';
import oids from './oids.json' with { type: 'json' };

const ALGORITHMS: Readonly<Record<string, string>> = oids.algorithms;
const CURVES: Readonly<Record<string, string>> = oids.curves;

/** The columns of an x509 record that come from the certificate itself. */
export type CertificateColumns = Pick<
  X509,
  Extract<keyof X509, `certificate_${string}` | `san_${string}` | `basic_${string}`>
>;

export interface Certificate {
  readonly columns: CertificateColumns;
  /** Common name of the subject. */
  readonly commonName: string | undefined;
}

/** Bits of an unsigned number given as big-endian bytes. */
function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first]!) + 24;
}

const decimal = (bytes: Uint8Array): string => BigInt(`0x${derHex(bytes.subarray(0, 64)) || '0'}`).toString();

type Key = Partial<
  Pick<X509, 'certificate_key_type' | 'certificate_key_length' | 'certificate_exponent' | 'certificate_curve'>
>;

/** Bits of the order of the curves that have no multiple of 8 in their points. */
const CURVE_BITS: Readonly<Record<string, number>> = { secp521r1: 521 };

function readRsa(bits: Uint8Array): Key {
  const [modulus, exponent] = children(derAt(bits), 2);
  if (modulus?.tag !== INTEGER || exponent?.tag !== INTEGER) return {};
  return {
    certificate_key_type: 'rsa',
    certificate_key_length: bitLength(content(modulus)),
    certificate_exponent: decimal(content(exponent)),
  };
}

function readEc(bits: Uint8Array, parameters: Der | undefined): Key {
  const curve = CURVES[derOid(parameters)];
  const pointBits = (bits[0] === 4 ? (bits.length - 1) / 2 : bits.length - 1) * 8;
  return {
    certificate_key_type: 'ecdsa',
    certificate_key_length: CURVE_BITS[curve ?? ''] ?? pointBits,
    ...(curve && { certificate_curve: curve }),
  };
}

function readKey(name: string, bits: Uint8Array, parameters: Der | undefined): Key {
  // Old Microsoft terminal servers name a signature algorithm where the key's belongs.
  if (name === 'rsassaPss' || name.endsWith('RSAEncryption') || name === 'rsaEncryption')
    return readRsa(bits);
  if (name === 'id-ecPublicKey') return readEc(bits, parameters);
  if (name.startsWith('dsaEncryption')) {
    const [prime] = children(parameters, 1);
    return {
      certificate_key_type: 'dsa',
      ...(prime && { certificate_key_length: bitLength(content(prime)) }),
    };
  }
  return { certificate_key_type: name, certificate_key_length: bits.length * 8 };
}

const algorithmOf = (identifier: Der | undefined): string => {
  const oid = derOid(inner(identifier));
  return ALGORITHMS[oid] ?? oid;
};

function formatSerial(der: Der): string {
  const bytes = content(der).subarray(0, 64);
  const isNegative = bytes.length > 0 && bytes[0]! > 127;
  if (!isNegative)
    return derHex(bytes.length > 1 && bytes[0] === 0 ? bytes.subarray(1) : bytes).toUpperCase();
  const value = -BigInt.asIntN(bytes.length * 8, BigInt(`0x${derHex(bytes)}`));
  const digits = value.toString(16).toUpperCase();
  return `-${digits.length % 2 ? '0' : ''}${digits}`;
}

/** Names that a list of alternative names may hold; an attacker's list may be much longer. */
const MAX_NAMES = 1024;

function ipText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return formatV4(bytes, 0);
  return bytes.length === 16 ? formatAddress(bytes) : undefined;
}

function readAlternativeNames(value: Der | undefined, columns: CertificateColumns): void {
  const lists: Record<number, string[]> = { 129: [], 130: [], 134: [], 135: [] };
  for (const name of children(value, MAX_NAMES)) {
    const text = name.tag === 0x87 ? ipText(content(name)) : derLatin1(name);
    if (text !== undefined) lists[name.tag]?.push(text);
  }
  if (lists[0x82]!.length > 0) columns.san_dns = lists[0x82]!;
  if (lists[0x86]!.length > 0) columns.san_uri = lists[0x86]!;
  if (lists[0x81]!.length > 0) columns.san_email = lists[0x81]!;
  if (lists[0x87]!.length > 0) columns.san_ip = lists[0x87]!;
}

function readBasicConstraints(value: Der | undefined, columns: CertificateColumns): void {
  if (value?.tag !== SEQUENCE) return;
  const list = children(value, 2);
  const pathLength = derInteger(list.at(-1));
  columns.basic_constraints_ca = list[0]?.tag === 0x01 && content(list[0])[0] !== 0;
  if (pathLength !== undefined && pathLength >= 0) columns.basic_constraints_path_len = pathLength;
}

function readExtensions(extensions: Der | undefined, columns: CertificateColumns): void {
  for (const extension of children(extensions, 64)) {
    const parts = children(extension, 3);
    const oid = derOid(parts[0]);
    const octets = parts.at(-1);
    if (octets?.tag !== OCTET_STRING) continue;
    if (oid === '2.5.29.17') readAlternativeNames(inner(octets), columns);
    else if (oid === '2.5.29.19') readBasicConstraints(inner(octets), columns);
  }
}

/** Reads one certificate; undefined if the bytes are none. */
export function readCertificate(bytes: Uint8Array): Certificate | undefined {
  const [tbs, signature] = children(derAt(bytes), 3);
  const parts = children(tbs, 16);
  const version = derInteger(tagged(parts, 0)) ?? 0;
  const [serial, , issuer, validity, subject, keyInfo] = parts.slice(parts[0]?.tag === context(0) ? 1 : 0);
  const [notBefore, notAfter] = children(validity, 2).map(derTime);
  const [keyAlgorithm, keyBits] = children(keyInfo, 2);
  if (serial?.tag !== INTEGER || keyBits?.tag !== BIT_STRING) return undefined;
  if (notBefore === undefined || notAfter === undefined) return undefined;
  const columns: CertificateColumns = {
    certificate_version: Math.max(0, version) + 1,
    certificate_serial: formatSerial(serial),
    certificate_subject: formatName(subject),
    certificate_issuer: formatName(issuer),
    certificate_not_valid_before: notBefore,
    certificate_not_valid_after: notAfter,
    certificate_key_alg: algorithmOf(keyAlgorithm),
    certificate_sig_alg: algorithmOf(signature),
    ...readKey(algorithmOf(keyAlgorithm), content(keyBits).subarray(1), children(keyAlgorithm, 2)[1]),
  };
  readExtensions(tagged(parts, 3), columns);
  return { columns, commonName: commonName(subject) };
}
