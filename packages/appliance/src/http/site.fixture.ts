/** A small appliance for tests: real stores in a folder of its own, two devices, three breaches, a clock to be set. */
import { createHmac, hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER, type Permission, sign, utcText } from '@thymus/contract';
import { declarationOf, encoderOf, type LogRecord, RowWriter, writeEnrichment } from '@thymus/core';
import { createLog } from '@thymus/core/node';
import { type Breach, type Device, METRICS, type Model } from '@thymus/detect';
import { type Lake, openLake } from '@thymus/lake';
import { State } from '@thymus/store';
import { type App, createApp } from './app.ts';
import { EventHub } from './event-hub.ts';
import type { PasswordKeeper } from './passwords.ts';
import type { Services } from './services.ts';

export const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;

export const BEACON: Model = {
  name: 'Compromise::Beacon to Rare Place',
  description: 'A device calls a rare place again and again.',
  priority: 4,
  category: 'Critical',
  behaviour: 'decreasing',
  mitre: { tactics: ['command-and-control'], techniques: ['T1071.001'] },
  tags: ['AP: C2 Comms'],
  components: [
    {
      metric: 'externalconnections',
      threshold: 10,
      interval: 3600,
      filters: [
        { type: 'Beaconing score', comparator: '>', value: 60 },
        { type: 'Rare domain', comparator: '>', value: 95 },
        { type: 'Destination port', comparator: '=', value: 443 },
        { type: 'Destination IP', comparator: 'display', value: '' },
      ],
      logic: 'A AND (B OR C)',
    },
  ],
  interval: 3600,
  throttle: 3600,
  action: 'Look at the destination.',
};

export const WEIGHTED: Model = {
  ...BEACON,
  name: 'Device::Weighted Example',
  category: 'Informational',
  priority: 1,
  mitre: { tactics: [], techniques: [] },
  targetScore: 1,
  components: [
    { metric: 'connections', threshold: 1, interval: 60, filters: [], weight: 1 },
    {
      metric: 'dnsrequests',
      threshold: 1,
      interval: 60,
      filters: [{ type: 'DNS host lookup', comparator: 'contains', value: 'x' }],
      weight: -100,
    },
  ],
};

const device = (did: number, ip: string, more: Partial<Device>): Device => ({
  did,
  ips: [{ ip, lastSeen: NOON - 1000, sid: 1 }],
  typename: 'desktop',
  typeReasons: ['browses from Windows'],
  sid: 1,
  firstSeen: NOON - 48 * HOUR,
  lastSeen: NOON - 1000,
  credentials: [{ credential: 'jdoe', lastSeen: NOON - HOUR }],
  hoursLearned: 40,
  stage: 'young',
  score: 0.7,
  ...more,
});

const breach = (key: string, did: number, time: number, more: Partial<Breach> = {}): Breach => ({
  key,
  model: BEACON,
  did,
  time,
  score: 0.541,
  pbscore: 0.871,
  parts: {
    priority: 4,
    base: 0.871,
    probability: 1e-6,
    behaviour: 'decreasing',
    deviceRepeats: 1.2,
    networkRepeats: 0,
    learningFactor: 1,
  },
  components: [
    {
      index: 0,
      time,
      size: 14,
      threshold: 10,
      usual: { low: 0, median: 2, high: 5, hours: 40 },
      probability: 1e-6,
      filters: [
        { filter: BEACON.components[0]!.filters[0]!, value: 91 },
        { filter: BEACON.components[0]!.filters[3]!, value: '192.0.2.9' },
      ],
      evidence: { from: time - HOUR, to: time, uids: ['Caaa'], endpoint: '192.0.2.9', port: 443 },
    },
  ],
  suppressed: false,
  learning: false,
  delayed: false,
  ...more,
});

const conn = (ts: number, uid: string, more: object = {}): LogRecord => ({
  kind: 'conn',
  ts,
  uid,
  source_ip: '10.0.0.5',
  source_port: 50_000,
  dest_ip: '192.0.2.9',
  dest_port: 443,
  proto: 'tcp',
  service: 'ssl',
  duration: 1500,
  orig_bytes: 1000,
  resp_bytes: 4000,
  conn_state: 'SF',
  missed_bytes: 0,
  ...more,
});

interface Row {
  record: LogRecord;
  source: number;
  dest: number;
}

/** What the lake holds: three connections, a name, a notice, hours of a metric. */
const ROWS: readonly Row[] = [
  { record: conn(NOON - 60_000, 'Caaa'), source: 1, dest: 0 },
  {
    record: conn(NOON - 120_000, 'Cbbb', { dest_ip: '10.0.0.6', dest_port: 445, conn_state: 'S0' }),
    source: 1,
    dest: 2,
  },
  { record: conn(NOON - 2 * HOUR, 'Cccc', { orig_bytes: 500 }), source: 1, dest: 0 },
  {
    record: {
      kind: 'dns',
      ts: NOON - 61_000,
      uid: 'Cddd',
      source_ip: '10.0.0.5',
      source_port: 5353,
      dest_ip: '10.0.0.6',
      dest_port: 53,
      proto: 'udp',
      query: 'bad.example',
      rcode_name: 'NXDOMAIN',
      AA: false,
      TC: false,
      RD: true,
      RA: true,
      Z: 0,
      rejected: false,
    },
    source: 1,
    dest: 2,
  },
  {
    record: {
      kind: 'notice',
      ts: NOON - 30_000,
      note: 'SSH::Guessing',
      msg: 'guessing of passwords',
      source_ip: '10.0.0.5',
      dest_ip: '10.0.0.6',
    } as LogRecord,
    source: 1,
    dest: 2,
  },
  ...[1, 2, 3].map((hours) => ({
    record: {
      kind: 'metric' as const,
      ts: NOON - hours * HOUR,
      did: 1,
      name: 'externalconnections',
      value: hours,
      low: 0,
      median: 60,
      high: 120,
      surprise: 0.1,
    },
    source: 0,
    dest: 0,
  })),
];

async function fill(lake: Lake): Promise<void> {
  const byKind = Map.groupBy(ROWS, ({ record }) => record.kind);
  for (const [kind, rows] of byKind) {
    const writer = new RowWriter();
    for (const { record, source, dest } of rows) {
      encoderOf(declarationOf(kind)!)(writer, record);
      const enrichment = { source_did: source, dest_did: dest, country: 'US', asn: 64_500 };
      writeEnrichment(writer, enrichment, Math.floor(NOON / 86_400_000));
    }
    await lake.insert(kind, writer.written, kind);
  }
}

async function fillState(state: State): Promise<void> {
  await state.models.register([BEACON, WEIGHTED], NOON - 24 * HOUR);
  const devices = [
    device(1, '10.0.0.5', { hostname: 'ws-5', mac: '00:aa:00:00:00:05', vendor: 'Small Cards' }),
    device(2, '10.0.0.6', { hostname: 'srv-6', typename: 'server', score: 0, credentials: [] }),
  ];
  const subnets = [
    { sid: 1, network: '10.0.0.0/24', firstSeen: NOON - 48 * HOUR, lastSeen: NOON, dhcpSeen: 3, devices: 2 },
  ];
  const breaches = [
    breach('one', 1, NOON - 3 * HOUR),
    breach('two', 1, NOON - HOUR, { score: 0.9 }),
    breach('three', -1, NOON - HOUR / 2, { suppressed: true, score: 0.1 }),
  ];
  await state.commitDetection({ position: 1, devices, subnets, breaches }, NOON - 1000);
}

export interface Session {
  cookie: string;
  csrf: string;
}

export interface Fixture {
  app: App;
  services: Services;
  folder: string;
  clock: { now: number };
  /** Jobs that were asked for. */
  asked: unknown[];
  /** Public and private token that belong to nobody. */
  token: { public: string; private: string };
  /** Headers that sign a request. */
  signedHeaders(request: string): Record<string, string>;
  /** A signed request. */
  signed(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Response>;
  get(path: string): Promise<Response>;
  /** The body of a signed GET that must succeed. */
  json<T>(path: string): Promise<T>;
  login(username: string, password?: string): Promise<Session>;
  /** A request with a session; writes carry its CSRF token. */
  as(session: Session, method: string, path: string, body?: object): Promise<Response>;
  addUser(username: string, permissions: readonly Permission[], mustChange?: boolean): Promise<void>;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';

/** As the real one but cheap; the real one is tested with the store, and by the first user's log-in. */
const CHEAP: PasswordKeeper = {
  hash: async (password) => hash('sha256', password),
  verify: async (password, stored) => hash('sha256', password) === stored,
};

function servicesOf(
  folder: string,
  state: State,
  lake: Lake,
  clock: { now: number },
  asked: unknown[],
): Services {
  return {
    state,
    lake,
    metrics: METRICS,
    reference: {
      attributions: [{ name: 'Countries', version: '1', licence: 'CC0-1.0', attribution: 'x', url: 'y' }],
      asn: (ip) => (ip === '192.0.2.9' ? { asn: 64_500, name: 'Example' } : { asn: 0, name: '' }),
      country: (ip) => (ip === '192.0.2.9' ? 'US' : ''),
    },
    events: new EventHub('e1'),
    jobs: {
      ingest: async (request) => asked.push(request),
      cancel: async (id) => id === 1,
    },
    status: () => ({
      started: NOON - HOUR,
      installed: NOON - 24 * HOUR,
      newest: NOON - 30_000,
      daysLearned: 2,
      backlog: 0,
      sources: [{ name: 'eth1', state: 'warning', newest: NOON - 30_000, message: 'loses packets' }],
    }),
    now: () => clock.now,
    version: '9.9.9',
    demo: false,
    folder,
    webRoot: join(folder, 'web'),
    publicUrl: 'https://appliance.example',
    log: createLog('silent'),
    passwords: CHEAP,
  };
}

export async function openFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-http-'));
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
  const state = await State.open(join(folder, 'state.sqlite'), join(folder, 'secret.key'));
  const lake = await openLake({ dir: folder });
  await Promise.all([fill(lake), fillState(state)]);
  const clock = { now: NOON };
  const asked: unknown[] = [];
  const services = servicesOf(folder, state, lake, clock, asked);
  const app = createApp(services);
  const token = await state.tokens.create('test', undefined, NOON);
  const password = await CHEAP.hash(PASSWORD);

  const signedHeaders = (request: string): Record<string, string> => {
    const date = utcText(clock.now);
    const hmac = (key: string, message: Uint8Array) => createHmac('sha1', key).update(message).digest('hex');
    return {
      'DTAPI-Token': token.public,
      'DTAPI-Date': date,
      'DTAPI-Signature': sign(hmac, token.private, request, token.public, date),
    };
  };
  const signed: Fixture['signed'] = async (method, path, body = '', headers = {}) => {
    const request = body === '' ? path : `${path.split('?')[0]}?${body}`;
    return app.request(path, {
      method,
      ...(body === '' ? {} : { body }),
      headers: { ...signedHeaders(request), ...headers },
    });
  };
  return {
    app,
    services,
    folder,
    clock,
    asked,
    token,
    signedHeaders,
    signed,
    get: (path) => signed('GET', path),
    json: async <T>(path: string) => {
      const reply = await signed('GET', path);
      if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
      return (await reply.json()) as T;
    },
    login: async (username, given = PASSWORD) => {
      const body = JSON.stringify({ username, password: given });
      const reply = await app.request('/ui/login', { method: 'POST', body });
      if (reply.status !== 200) throw new Error(`${reply.status} ${await reply.text()}`);
      const cookie = reply.headers.get('set-cookie')!.split(';')[0]!;
      return { cookie, csrf: ((await reply.json()) as { csrf: string }).csrf };
    },
    as: async ({ cookie, csrf }, method, path, body) =>
      app.request(path, {
        method,
        headers: { Cookie: cookie, [CSRF_HEADER]: csrf },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    addUser: async (username, permissions, mustChange = false) => {
      await state.users.add({ username, password, permissions, mustChange, now: NOON });
    },
    close: async () => {
      services.events.close();
      await lake.close();
      await state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
