/** Recorded attacks and recorded users: what has to be found in a fresh folder, and what must not be said. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { declarationOf, type Field, type LogRecord, NetworkScope, parseRange, scoreOf } from '@thymus/core';
import { sharedFolder } from '../../../tools/shared.ts';
import type { Breach } from './breach.ts';
import { Detector } from './engine.ts';
import { REFERENCE } from './fixtures/records.ts';
import { MODELS } from './models/index.ts';

const shared = sharedFolder();
const folder = shared ? join(shared, 'corpora/detection') : '';
const options = { skip: shared === undefined };

type Row = Record<string, unknown>;

/** Zeek's logs, TSV or JSON, as rows by column; enough for these files. */
function rowsOf(path: string): Row[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  const columns = lines
    .find((line) => line.startsWith('#fields'))
    ?.split('\t')
    .slice(1);
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Row => {
      if (line.startsWith('{')) return JSON.parse(line) as Row;
      const values = line.split('\t');
      return Object.fromEntries((columns ?? []).map((name, i) => [name, values[i]]));
    });
}

function parseValue(field: Field, raw: unknown): unknown {
  if (raw === undefined || raw === '-') return undefined;
  switch (field.type) {
    case 'time':
    case 'interval':
      return Number(raw) * 1000;
    case 'port':
    case 'count':
    case 'double':
      return Number(raw);
    case 'bool':
      return raw === true || raw === 'T';
    case 'strings':
      return Array.isArray(raw) ? raw : raw === '(empty)' ? [] : String(raw).split(',');
    case 'intervals':
      return Array.isArray(raw) ? raw : [];
    default:
      return raw;
  }
}

function recordOf(kind: string, row: Row): LogRecord {
  const record: Row = { kind };
  for (const [name, field] of Object.entries(declarationOf(kind)!.fields)) {
    const zeek = field.zeek ?? name;
    const value = parseValue(field, row[zeek] ?? row[zeek.replace('.', '_')] ?? row[name]);
    if (value !== undefined) record[name] = value;
  }
  return record as unknown as LogRecord;
}

const KINDS = ['conn', 'dns', 'http', 'ssl', 'kerberos', 'dce_rpc', 'smb_mapping', 'smb_files', 'dhcp'];

/** All logs of a folder, in the order of logging: connections at their end. */
function recordsOf(path: string): LogRecord[] {
  const records = readdirSync(path).flatMap((name) => {
    const kind = KINDS.find((k) => new RegExp(`(^|[_-])${k}\\.log`).test(name));
    return kind ? rowsOf(join(path, name)).map((row) => recordOf(kind, row)) : [];
  });
  const logged = (r: LogRecord): number => r.ts + (r.kind === 'conn' ? (r.duration ?? 0) : 0);
  return records.sort((a, b) => logged(a) - logged(b));
}

interface Replay {
  breaches: Breach[];
  /** Breaches on the device that has this address. */
  on(ip: string): Breach[];
}

function replay(path: string, internal: readonly string[]): Replay {
  const scope = new NetworkScope(internal.map((text) => parseRange(text)!));
  const detector = new Detector({ scope, reference: REFERENCE, models: MODELS });
  const addresses = new Map<number, Set<string>>();
  const breaches: Breach[] = [];
  const collect = (): void => {
    const output = detector.drain();
    breaches.push(...output.breaches);
    for (const { did, ips } of output.devices) {
      const known = addresses.get(did) ?? new Set();
      for (const { ip } of ips) known.add(ip);
      addresses.set(did, known);
    }
  };
  const records = path.endsWith('.gz') ? rowsOf(path).map((row) => recordOf('conn', row)) : recordsOf(path);
  records.forEach((record, i) => {
    detector.observe(record, 'import');
    if (i % 1000 === 999) detector.advance(record.ts, 'import');
    if (i % 1000 === 999) collect();
  });
  collect();
  for (const { parts, score, pbscore } of breaches) assert.deepEqual(scoreOf(parts), { score, pbscore });
  return { breaches, on: (ip) => breaches.filter((b) => addresses.get(b.did)?.has(ip)) };
}

const folderOf = (breach: Breach): string => breach.model.name.split('::')[0]!;

/** A breach that is neither silent nor meta, in one of the folders, from the start (s) to an hour after the end. */
const isHit = (folders: readonly string[], from: number, to: number) => (b: Breach) =>
  b.model.priority > 0 &&
  folders.includes(folderOf(b)) &&
  !b.model.name.includes('Model Alerts') &&
  b.time >= from * 1000 - 1000 &&
  b.time <= to * 1000 + 3_600_000;

const assertFound = (r: Replay, ip: string, folders: string[], from: number, to: number): void => {
  const names = r.on(ip).map((b) => b.model.name);
  assert.ok(r.on(ip).some(isHit(folders, from, to)), `${ip}: only ${names.join(', ') || 'nothing'}`);
};

test('njRAT: a controller that never answers', options, () => {
  const r = replay(join(folder, 'stratosphere/001-zeek-scenario-malicious'), [
    '192.168.1.0/24',
    'fd2d:ab8c:225::/64',
  ]);
  assertFound(r, '192.168.1.115', ['Anomalous Connection', 'Compromise'], 293.8, 3026.4);
  assert.equal(r.on('192.168.1.114').length, 0);
});

test('nmap over three networks', options, () => {
  const internal = ['172.16.1.0/24', '192.168.1.0/24', '10.0.2.0/24'];
  const r = replay(join(folder, 'stratosphere/002-zeek-scenario-port-scanning'), internal);
  assertFound(r, '172.16.1.11', ['Anomalous Connection', 'Device'], 1_664_462_456, 1_664_466_456);
});

test('AndroidTester: a phone uploads to a port of its own', options, () => {
  const r = replay(join(folder, 'stratosphere/003-zeek-scenario-malicious'), ['10.8.0.0/24']);
  const folders = ['Anomalous Connection', 'Compromise', 'Unusual Activity'];
  assertFound(r, '10.8.0.61', folders, 1_596_790_919, 1_596_795_344);
});

test('Simda: names computed from the date', options, () => {
  const r = replay(join(folder, 'stratosphere/005-zeek-scenario-malicious'), [
    '192.168.1.0/24',
    'fd77:48a1:c0bb::/64',
  ]);
  const folders = ['Anomalous Connection', 'Compromise', 'Device'];
  assertFound(r, 'fd77:48a1:c0bb:0:b96c:506d:6c7f:e8be', folders, 181.8, 851.7);
});

test('a scan over the ports of one outside host', options, () => {
  const r = replay(join(folder, 'slips/port-scans_vertical_conn.log.gz'), ['192.168.1.0/24']);
  assertFound(r, '192.168.1.9', ['Anomalous Connection', 'Device'], 1_700_828_217.3, 1_700_828_218.2);
});

test('Remcos: 718 refused connections to one port', options, () => {
  const r = replay(join(folder, 'slips/test18-remcos'), ['192.168.1.0/24']);
  assertFound(r, '192.168.1.107', ['Anomalous Connection', 'Compromise'], 1_677_024_003.7, 1_677_024_502);
  assert.equal(r.on('192.168.1.135').length + r.on('192.168.1.132').length, 0);
});

test('APT29, first day: all five phases, and nothing on the domain controller', options, () => {
  const r = replay(join(folder, 'otrf/apt29-day1'), ['10.0.0.0/16']);
  const [scranton, nashua] = ['10.0.1.4', '10.0.1.6'];
  const c2 = ['Anomalous Connection', 'Compromise'];
  assertFound(r, scranton, c2, 1_588_205_282.4, 1_588_205_987.5);
  assertFound(r, scranton, [...c2, 'Anomalous File', 'Device'], 1_588_205_718.4, 1_588_207_620);
  assertFound(r, scranton, ['Anomalous Connection', 'Unusual Activity'], 1_588_206_734.9, 1_588_206_930.4);
  assertFound(r, scranton, ['Anomalous Connection', 'Device', 'User'], 1_588_206_806.3, 1_588_207_516.8);
  assertFound(r, nashua, c2, 1_588_207_244.7, 1_588_207_484.8);
  assert.equal(r.on('10.0.0.4').length, 0);
});

for (const day of ['008-zeek-mixed', '011-zeek-mixed']) {
  test(
    `a user's day under scans from the internet raises nothing that is Suspicious (${day})`,
    options,
    () => {
      const { breaches } = replay(join(folder, 'stratosphere', day), ['147.32.0.0/16']);
      const loud = breaches.filter((b) => b.category !== 'Informational' && !b.suppressed);
      assert.deepEqual(
        loud.map((b) => b.model.name),
        [],
      );
    },
  );
}
