/** Names of versions, answers and levels of delivery, as Zeek writes them. MQTT 3.1.1 §3.1.2, §3.2.2.3, MQTT 5.0 §2.4. */

const VERSIONS = new Map([
  [3, '3.1'],
  [4, '3.1.1'],
  [5, '5.0'],
]);

const ANSWERS: readonly string[] = [
  'Connection Accepted',
  'Refused: unacceptable protocol version',
  'Refused: identifier rejected',
  'Refused: server unavailable',
  'Refused: bad user name or password',
  'Refused: not authorized',
];

const LEVELS: readonly string[] = ['at most once', 'at least once', 'exactly once'];

export const versionName = (version: number): string => VERSIONS.get(version) ?? `unknown-version-${version}`;

export const answerName = (code: number): string => ANSWERS[code] ?? `unknown-return-code-${code}`;

export const levelName = (level: number): string => LEVELS[level] ?? `unknown-qos-level-${level}`;
