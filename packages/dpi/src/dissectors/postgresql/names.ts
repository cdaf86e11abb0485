/** Names of PostgreSQL's error fields and ways to log in, as Zeek writes them. PostgreSQL manual, "Frontend/Backend Protocol". */

const ERROR_FIELDS: Readonly<Record<string, string>> = {
  S: 'SeverityLocalized',
  V: 'Severity',
  C: 'Code',
  M: 'Message',
  D: 'Detail',
  H: 'Hint',
  P: 'Position',
  p: 'InternalPosition',
  q: 'InternalQuery',
  W: 'Where',
  s: 'Schema',
  t: 'Table',
  c: 'Column',
  d: 'Data',
  n: 'Constraint',
  F: 'File',
  L: 'Line',
  R: 'Routine',
};

const WAYS = new Map([
  [2, 'KerberosV5'],
  [3, 'CleartextPassword'],
  [5, 'MD5Password'],
  [7, 'GSSAPI'],
  [8, 'GSSAPIContinue'],
  [9, 'SSPI'],
  [10, 'SASL'],
  [11, 'SASLContinue'],
  [12, 'SASLFinal'],
]);

/** Name of a part of an error or notice, by its letter. */
export const errorFieldName = (letter: string): string => ERROR_FIELDS[letter] ?? `UnknownErrorId${letter}`;

/** Name of what the server asks for at a log-in. */
export const wayName = (way: number): string => WAYS.get(way) ?? `UnknownAuthId${way}`;
