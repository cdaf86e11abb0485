/** Names of operations, results and choices of LDAP as Zeek writes them. RFC 4511 §4, appendix A. */

/** Tags of operations: requests, and what answers them. */
export const BIND = 0x60;
export const BIND_REPLY = 0x61;
export const UNBIND = 0x42;
export const SEARCH = 0x63;
export const ENTRY = 0x64;
export const SEARCH_DONE = 0x65;
export const REFERENCE = 0x73;
export const MODIFY = 0x66;
export const ADD = 0x68;
export const DELETE = 0x4a;
export const RENAME = 0x6c;
export const COMPARE = 0x6e;
export const ABANDON = 0x50;
export const EXTENDED = 0x77;
export const EXTENDED_REPLY = 0x78;

const OPERATIONS: ReadonlyMap<number, string> = new Map([
  [BIND, 'bind'],
  [BIND_REPLY, 'bind'],
  [UNBIND, 'unbind'],
  [SEARCH, 'search'],
  [ENTRY, 'search'],
  [SEARCH_DONE, 'search'],
  [REFERENCE, 'search'],
  [MODIFY, 'modify'],
  [0x67, 'modify'],
  [ADD, 'add'],
  [0x69, 'add'],
  [DELETE, 'delete'],
  [0x6b, 'delete'],
  [RENAME, 'modify'],
  [0x6d, 'modify'],
  [COMPARE, 'compare'],
  [0x6f, 'compare'],
  [ABANDON, 'abandon'],
  [EXTENDED, 'extended'],
  [EXTENDED_REPLY, 'extended'],
  [0x79, 'intermediate'],
]);

/** Replies that carry a result. */
const RESULTS = new Set([BIND_REPLY, SEARCH_DONE, 0x67, 0x69, 0x6b, 0x6d, 0x6f, EXTENDED_REPLY]);

/** Name of an operation by its tag; undefined if LDAP has none such. */
export const operationName = (tag: number): string | undefined => OPERATIONS.get(tag);
export const hasResult = (tag: number): boolean => RESULTS.has(tag);

const RESULT_NAMES: ReadonlyMap<number, string> = new Map(
  [
    '0 success',
    '1 operations error',
    '2 protocol error',
    '3 time limit exceeded',
    '4 size limit exceeded',
    '5 compare false',
    '6 compare true',
    '7 auth method not supported',
    '8 stronger auth required',
    '9 partial results',
    '10 referral',
    '11 admin limit exceeded',
    '12 unavailable critical extension',
    '13 confidentiality required',
    '14 SASL bind in progress',
    '16 no such attribute',
    '17 undefined attribute type',
    '18 inappropriate matching',
    '19 constraint violation',
    '20 attribute or value exists',
    '21 invalid attribute syntax',
    '32 no such object',
    '33 alias problem',
    '34 invalid DN syntax',
    '36 alias dereferencing problem',
    '48 inappropriate authentication',
    '49 invalid credentials',
    '50 insufficient access rights',
    '51 busy',
    '52 unavailable',
    '53 unwilling to perform',
    '54 loop detect',
    '60 sort control missing',
    '61 offset range error',
    '64 naming violation',
    '65 object class violation',
    '66 not allowed on non-leaf',
    '67 not allowed on RDN',
    '68 entry already exists',
    '69 object class mods prohibited',
    '70 results too large',
    '71 affects multiple DSAs',
    '76 control error',
    '80 other',
    '112 TLS not supported',
    '113 intermediate response',
    '114 unknown type',
    '118 canceled',
    '119 no such operation',
    '120 too late',
    '121 cannot cancel',
    '122 assertion failed',
    '123 authorization denied',
  ].map((line) => {
    const space = line.indexOf(' ');
    return [Number(line.slice(0, space)), line.slice(space + 1)];
  }),
);

export const SUCCESS = 0;
export const SASL_IN_PROGRESS = 14;

export const resultName = (code: number): string => RESULT_NAMES.get(code) ?? 'unknown';
export const scopeName = (n: number): string => ['base', 'single', 'tree'][n] ?? 'unknown';
export const derefName = (n: number): string => ['never', 'searching', 'finding', 'always'][n] ?? 'unknown';
export const changeName = (n: number): string => ['add', 'delete', 'replace', 'increment'][n] ?? 'unknown';

export const START_TLS = '1.3.6.1.4.1.1466.20037';

/** Extended operations that Zeek knows by name: RFC 4511 §4.14, RFC 4532. */
export const extendedName = (oid: string): string =>
  oid === START_TLS ? 'StartTLS' : oid === '1.3.6.1.4.1.4203.1.11.3' ? 'whoami' : 'unknown';
