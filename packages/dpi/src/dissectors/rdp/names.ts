/** Names of RDP's numbers, as Zeek prints them. MS-RDPBCGR §2.2.1; keyboards by Windows's input locale identifiers. */
import keyboards from './keyboards.json' with { type: 'json' };

const KEYBOARDS: Readonly<Record<string, string>> = keyboards;

/** Versions of the client by Windows's build number. */
const BUILDS: Readonly<Record<number, string>> = {
  419: 'RDP 4.0',
  2195: 'RDP 5.0',
  2221: 'RDP 5.0',
  2600: 'RDP 5.1',
  3790: 'RDP 5.2',
  6000: 'RDP 6.0',
  6001: 'RDP 6.1',
  6002: 'RDP 6.2',
  7600: 'RDP 7.0',
  7601: 'RDP 7.1',
  9200: 'RDP 8.0',
  9600: 'RDP 8.1',
  25189: 'RDP 8.0 (Mac)',
  25282: 'RDP 8.0 (Mac)',
};
const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'RDP', 1: 'SSL', 2: 'HYBRID', 8: 'HYBRID_EX' };
const FAILURES: Readonly<Record<number, string>> = {
  1: 'SSL_REQUIRED_BY_SERVER',
  2: 'SSL_NOT_ALLOWED_BY_SERVER',
  3: 'SSL_CERT_NOT_ON_SERVER',
  4: 'INCONSISTENT_FLAGS',
  5: 'HYBRID_REQUIRED_BY_SERVER',
  6: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
};
const RESULTS: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'User rejected',
  2: 'Resources not available',
  3: 'Rejected for symmetry breaking',
  4: 'Locked conference',
};
const METHODS: Readonly<Record<number, string>> = {
  0: 'None',
  1: '40bit',
  2: '128bit',
  8: '56bit',
  16: 'FIPS',
};
const LEVELS: Readonly<Record<number, string>> = {
  0: 'None',
  1: 'Low',
  2: 'Client compatible',
  3: 'High',
  4: 'FIPS',
};

const nameOf = (names: Readonly<Record<number, string>>, what: string, code: number): string =>
  names[code] ?? `${what}-${code}`;

export const buildName = (build: number): string => nameOf(BUILDS, 'client_build', build);
export const protocolName = (protocol: number): string => nameOf(PROTOCOLS, 'security_protocol', protocol);
export const failureName = (code: number): string => nameOf(FAILURES, 'failure_code', code);
export const resultName = (result: number): string => nameOf(RESULTS, 'result', result);
export const methodName = (method: number): string => nameOf(METHODS, 'encryption_method', method);
export const levelName = (level: number): string => nameOf(LEVELS, 'encryption_level', level);

/** Name of a keyboard; an unknown variant of a known language says so. */
export function keyboardName(layout: number): string {
  const language = KEYBOARDS[layout & 0xffff];
  return KEYBOARDS[layout] ?? (language ? `${language} (Best Guess for ${layout})` : `keyboard-${layout}`);
}
