/**
 * Fingerprints of hellos: JA3 and JA3S (salesforce/ja3, BSD-3-Clause) and JA4 (FoxIO, BSD-3-Clause). The other
 * fingerprints of the JA4+ family are under another licence and stay out.
 */
import { hash } from 'node:crypto';
import { type ClientHello, EXTENSION, type ServerHello, withoutGrease } from './hello.ts';
import { DTLS10, DTLS12, DTLS13, SSL2, SSL3, TLS10, TLS11, TLS12, TLS13 } from './names.ts';

/** Different texts that are remembered; few kinds of client make most hellos. */
const MOST_REMEMBERED = 4_096;

/** A hash that remembers its answers: a call into node:crypto costs more than the rest of a fingerprint. */
function remembering(algorithm: 'md5' | 'sha256'): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = hash(algorithm, text);
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(text, answer);
    }
    return answer;
  };
}
const md5 = remembering('md5');
const sha256 = remembering('sha256');

/** What JA3 hashes: version, ciphers, extensions, groups and point formats, in the order of the hello. */
export const ja3Text = (hello: ClientHello): string =>
  [
    hello.version,
    withoutGrease(hello.ciphers).join('-'),
    withoutGrease(hello.extensions).join('-'),
    withoutGrease(hello.groups).join('-'),
    hello.pointFormats.join('-'),
  ].join(',');

export const ja3 = (hello: ClientHello): string => md5(ja3Text(hello));

export const ja3s = (hello: ServerHello): string =>
  md5(`${hello.version},${hello.cipher},${hello.extensions.join('-')}`);

const VERSIONS = new Map([
  [TLS13, '13'],
  [TLS12, '12'],
  [TLS11, '11'],
  [TLS10, '10'],
  [SSL3, 's3'],
  [SSL2, 's2'],
  [DTLS10, 'd1'],
  [DTLS12, 'd2'],
  [DTLS13, 'd3'],
]);

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
const hex4 = (code: number): string => HEX[(code >> 8) & 0xff]! + HEX[code & 0xff]!;
/** Codes in hexadecimal, ascending. */
function sortedHex(codes: readonly number[]): string {
  const sorted = new Uint16Array(codes).sort();
  let text = sorted.length > 0 ? hex4(sorted[0]!) : '';
  for (let i = 1; i < sorted.length; i++) text += `,${hex4(sorted[i]!)}`;
  return text;
}
const twoDigits = (n: number): string => String(Math.min(n, 99)).padStart(2, '0');
const digest = (text: string): string => (text === '' ? '000000000000' : sha256(text).slice(0, 12));

/** DTLS counts its versions downwards. */
const newest = (versions: readonly number[]): number =>
  versions.reduce((best, v) => (best >> 8 === 0xfe ? Math.min(best, v) : Math.max(best, v)));

const isAlphanumeric = (character: string): boolean => /^[0-9A-Za-z]$/.test(character);

/** First and last character of the first protocol offered; of its hexadecimal form if one is no letter or digit. */
function alpnEnds(protocol: string | undefined): string {
  if (!protocol) return '00';
  const [first, last] = [protocol[0]!, protocol.at(-1)!];
  if (isAlphanumeric(first) && isAlphanumeric(last)) return first + last;
  const digits = (character: string) => character.charCodeAt(0).toString(16).padStart(2, '0');
  return digits(first)[0]! + digits(last)[1]!;
}

/** The three parts of a JA4 before hashing. */
export function ja4Parts(hello: ClientHello, transport: 't' | 'q' | 'd'): [string, string, string] {
  const ciphers = withoutGrease(hello.ciphers);
  const extensions = withoutGrease(hello.extensions);
  const versions = withoutGrease(hello.versions);
  const version = VERSIONS.get(newest(versions.length > 0 ? versions : [hello.version])) ?? '00';
  const domain = hello.extensions.includes(EXTENSION.serverName) ? 'd' : 'i';
  const counts = twoDigits(ciphers.length) + twoDigits(extensions.length);
  const hashed = extensions.filter((e) => e !== EXTENSION.serverName && e !== EXTENSION.alpn);
  const signatures = withoutGrease(hello.signatures).map(hex4).join(',');
  const sorted = sortedHex(hashed);
  return [
    `${transport}${version}${domain}${counts}${alpnEnds(hello.alpn[0])}`,
    sortedHex(ciphers),
    signatures === '' ? sorted : `${sorted}_${signatures}`,
  ];
}

/** JA4 of a client hello that came over TCP (`t`), QUIC (`q`) or as DTLS (`d`). */
export function ja4(hello: ClientHello, transport: 't' | 'q' | 'd'): string {
  const [a, ciphers, extensions] = ja4Parts(hello, transport);
  return `${a}_${digest(ciphers)}_${digest(extensions)}`;
}
