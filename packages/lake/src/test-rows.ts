/** Rows for tests: records as the bytes that a lake takes. */
import {
  declarationOf,
  type Enrichment,
  encoderOf,
  type LogRecord,
  type RecordKind,
  RowWriter,
  writeEnrichment,
} from '@thymus/core';

export const NOON = Date.UTC(2026, 2, 1, 12);
/** The day on which the rows are stored: 1 March 2026. */
export const STORED_DAY = Date.UTC(2026, 2, 1) / 86_400_000;

const NOBODY: Enrichment = { source_did: 0, dest_did: 0, country: '', asn: 0 };

export function rowsOf(
  kind: RecordKind,
  records: readonly LogRecord[],
  enrichment: Enrichment = NOBODY,
  storedDay = STORED_DAY,
): Uint8Array {
  const writer = new RowWriter();
  const encode = encoderOf(declarationOf(kind)!);
  for (const record of records) {
    encode(writer, record);
    writeEnrichment(writer, enrichment, storedDay);
  }
  return writer.written.slice();
}

/** Connection number `i`: one a second from noon, from one of four networks, every fifth without an answer. */
export const connection = (i: number): LogRecord => ({
  kind: 'conn',
  ts: NOON + i * 1000,
  uid: `C${String(i).padStart(15, '0')}`,
  source_ip: `10.0.${i % 4}.${i % 200}`,
  source_port: 40_000 + (i % 20_000),
  dest_ip: i % 3 === 0 ? '2001:db8::1' : '192.0.2.7',
  dest_port: i % 2 === 0 ? 445 : 443,
  proto: 'tcp',
  service: i % 2 === 0 ? undefined : 'ssl',
  duration: i * 10,
  orig_bytes: i,
  resp_bytes: i * 2,
  conn_state: i % 5 === 0 ? 'S0' : 'SF',
  missed_bytes: 0,
  history: i % 5 === 0 ? 'S' : 'ShADadFf',
  resp_ip_bytes: i % 5 === 0 ? 0 : 100,
});

export const connections = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from }, (_, i) => connection(from + i));

const head = (i: number) => ({
  ts: NOON + i * 1000,
  uid: `C${String(i).padStart(15, '0')}`,
  source_ip: '10.0.0.1',
  source_port: 40_000,
  dest_ip: '192.0.2.7',
  dest_port: 80,
});

export const request = (i: number, host: string, uri = '/'): LogRecord => ({
  kind: 'http',
  ...head(i),
  trans_depth: 1,
  host,
  uri,
  request_body_len: 0,
  response_body_len: 0,
  tags: [],
});

export const login = (i: number, client: string, success: boolean): LogRecord => ({
  kind: 'kerberos',
  ...head(i),
  dest_port: 88,
  request_type: 'AS',
  client,
  success,
});

export const lookup = (i: number, query: string, answers: string[]): LogRecord => ({
  kind: 'dns',
  ...head(i),
  dest_port: 53,
  proto: 'udp',
  query,
  AA: false,
  TC: false,
  RD: true,
  RA: true,
  Z: 0,
  answers,
  TTLs: answers.map(() => 300_000),
  rejected: false,
});
