/** Names of TLS's numbers, as Zeek prints them. IANA's registry "Transport Layer Security (TLS) Parameters". */
import ciphers from './ciphers.json' with { type: 'json' };

const CIPHERS = new Map(Object.entries(ciphers).map(([code, name]) => [Number.parseInt(code, 16), name]));

export const SSL2 = 0x0002;
export const SSL3 = 0x0300;
export const TLS10 = 0x0301;
export const TLS11 = 0x0302;
export const TLS12 = 0x0303;
export const TLS13 = 0x0304;
export const DTLS10 = 0xfeff;
export const DTLS12 = 0xfefd;
export const DTLS13 = 0xfefc;

const VERSIONS = new Map([
  [SSL2, 'SSLv2'],
  [SSL3, 'SSLv3'],
  [TLS10, 'TLSv10'],
  [TLS11, 'TLSv11'],
  [TLS12, 'TLSv12'],
  [TLS13, 'TLSv13'],
  [DTLS10, 'DTLSv10'],
  [DTLS12, 'DTLSv12'],
  [DTLS13, 'DTLSv13'],
]);

const CURVES = new Map([
  ...[
    'sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1',
    'sect409k1 sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1',
    'secp224r1 secp256k1 secp256r1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1',
    'x25519 x448 brainpoolP256r1tls13 brainpoolP384r1tls13 brainpoolP512r1tls13',
    'GC256A GC256B GC256C GC256D GC512A GC512B GC512C curveSM2',
  ]
    .join(' ')
    .split(' ')
    .map((name, i): [number, string] => [i + 1, name]),
  ...['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'].map((name, i): [number, string] => [
    256 + i,
    name,
  ]),
  ...['MLKEM512', 'MLKEM768', 'MLKEM1024'].map((name, i): [number, string] => [512 + i, name]),
  ...['SecP256r1MLKEM768', 'X25519MLKEM768', 'SecP384r1MLKEM1024', 'curveSM2MLKEM768'].map(
    (name, i): [number, string] => [4587 + i, name],
  ),
  [16_696, 'CECPQ2'],
  [25_497, 'X25519Kyber768Draft00'],
  [25_498, 'SecP256r1Kyber768Draft00'],
  [0xff01, 'arbitrary_explicit_prime_curves'],
  [0xff02, 'arbitrary_explicit_char2_curves'],
]);

const ALERTS = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [21, 'decryption_failed'],
  [22, 'record_overflow'],
  [30, 'decompression_failure'],
  [40, 'handshake_failure'],
  [41, 'no_certificate'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [60, 'export_restriction'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [110, 'unsupported_extension'],
  [111, 'certificate_unobtainable'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [114, 'bad_certificate_hash_value'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [117, 'general_error'],
  [120, 'no_application_protocol'],
  [121, 'ech_required'],
]);

const unknown = (code: number): string => `unknown-${code}`;

/** Drafts of TLS 1.3 counted their versions from 0x7f00. */
export const isDraft13 = (version: number): boolean => version >> 8 === 0x7f;

export const versionName = (version: number): string =>
  VERSIONS.get(version) ?? (isDraft13(version) ? `TLSv13-draft${version & 0xff}` : unknown(version));

export const cipherName = (cipher: number): string => CIPHERS.get(cipher) ?? unknown(cipher);

/** True for values that clients send only to see that they are ignored. RFC 8701 §2. */
export const isGrease = (code: number): boolean => (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff);

export const curveName = (group: number): string => {
  if (isGrease(group)) return `grease_0x${group.toString(16).toUpperCase().padStart(4, '0')}`;
  return CURVES.get(group) ?? unknown(group);
};

export const alertName = (alert: number): string => ALERTS.get(alert) ?? unknown(alert);
