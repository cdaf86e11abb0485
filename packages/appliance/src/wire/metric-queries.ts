/** How metrics are counted from stored records: what graphs draw beside the band that detection learned. */
import type { Lake, TimeRange } from '@thymus/lake';

/** One group of records that a metric is made of, seen from the device. */
interface Part {
  /** Query; `DID` stands for the device, or for any device of ours. */
  query: string;
  /** Field, or sum of fields, that left the device or came to it; absent on both = records are counted. */
  out?: string;
  in?: string;
  /** For counted records: the way they went. */
  way?: 'in' | 'out';
}

const OUT = '@type:conn AND source_did:DID';
const IN = '@type:conn AND dest_did:DID';
const EXTERNAL = 'dest_did:0';
const INTERNAL = 'NOT dest_did:0';
const FAILED = '(conn_state:S0 OR conn_state:REJ OR conn_state:RSTOS0 OR conn_state:RSTRH OR conn_state:SH)';

const counted = (query: string, way: 'in' | 'out' = 'out'): Part[] => [{ query, way }];

/** Bytes of connections that the device opened, and of those that were opened to it. */
const bothWays = (condition = ''): Part[] => [
  { query: `${OUT}${condition.replace('OTHER', 'dest_did')}`, out: 'orig_bytes', in: 'resp_bytes' },
  { query: `${IN}${condition.replace('OTHER', 'source_did')}`, out: 'resp_bytes', in: 'orig_bytes' },
];

const METRICS: Readonly<Record<string, readonly Part[]>> = {
  connections: counted(OUT),
  externalconnections: counted(`${OUT} AND ${EXTERNAL}`),
  internalconnections: counted(`${OUT} AND ${INTERNAL}`),
  incomingconnections: counted(IN, 'in'),
  failedexternalconnections: counted(`${OUT} AND ${EXTERNAL} AND ${FAILED}`),
  failedinternalconnections: counted(`${OUT} AND ${INTERNAL} AND ${FAILED}`),
  datatransfervolume: bothWays(),
  externaldatatransfervolume: bothWays(' AND OTHER:0'),
  internaldatatransfervolume: bothWays(' AND NOT OTHER:0'),
  externalclientdatatransfervolume: [{ query: `${OUT} AND ${EXTERNAL}`, out: 'orig_bytes' }],
  externaldownloadvolume: [{ query: `${OUT} AND ${EXTERNAL}`, in: 'resp_bytes' }],
  internaluploadvolume: [{ query: `${OUT} AND ${INTERNAL}`, out: 'orig_bytes' }],
  internaldownloadvolume: [{ query: `${OUT} AND ${INTERNAL}`, in: 'resp_bytes' }],
  dnsrequests: counted('@type:dns AND source_did:DID'),
  nxdomains: counted('@type:dns AND source_did:DID AND rcode_name:NXDOMAIN'),
  sslconnections: counted('@type:ssl AND source_did:DID AND dest_did:0'),
  httprequests: counted('@type:http AND source_did:DID AND dest_did:0'),
};

export interface Point {
  /** Start of the step, ms since the epoch. */
  time: number;
  size: number;
  in: number;
  out: number;
}

export interface MetricRequest extends TimeRange {
  name: string;
  /** Device; undefined for the whole network. */
  did?: number | undefined;
  /** Step, ms. */
  interval: number;
  /** Further condition of the query. */
  condition?: string;
}

const condition = (part: Part, { did, condition: more }: MetricRequest): string => {
  const base = did === undefined ? part.query.replace(/(\w+_did):DID/, 'NOT $1:0') : part.query;
  return [base.replace('DID', String(did)), more].filter(Boolean).join(' AND ');
};

/**
 * A metric per step, steps without anything left out. Metrics that cannot be counted from records come from what
 * detection noted every hour.
 */
export async function metricSeries(lake: Lake, request: MetricRequest): Promise<Point[]> {
  const { name, did, from, to, interval } = request;
  const parts = METRICS[name];
  const points = new Map<number, Point>();
  const add = (time: number, way: 'in' | 'out', value: number) => {
    const point = points.get(time) ?? { time, size: 0, in: 0, out: 0 };
    points.set(time, { ...point, size: point.size + value, [way]: point[way] + value });
  };
  const sum = async (query: string, way: 'in' | 'out', field?: string) => {
    for (const { key, value } of await lake.series({ query, from, to }, interval, field)) {
      add(key, way, value);
    }
  };
  if (!parts) {
    const device = did === undefined ? '' : ` AND did:${did}`;
    await sum(`@type:metric AND name:"${name}"${device}`, 'out', 'value');
  }
  for (const part of parts ?? []) {
    const query = condition(part, request);
    if (part.out !== undefined) await sum(query, 'out', part.out);
    if (part.in !== undefined) await sum(query, 'in', part.in);
    if (part.way !== undefined) await sum(query, part.way);
  }
  return [...points.values()].sort((a, b) => a.time - b.time);
}

/** Steps that people read easily, ms. */
const STEPS = [1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800].map(
  (seconds) => seconds * 1000,
);

/** The smallest easy step that gives at most `wanted` of them over the range. */
export const stepFor = ({ from, to }: TimeRange, wanted: number): number =>
  STEPS.find((step) => (to - from) / step <= wanted) ?? STEPS.at(-1)!;

/** Every step of a range, with nothing where nothing was. */
export function filled(points: readonly Point[], { from, to }: TimeRange, interval: number): Point[] {
  const known = new Map(points.map((point) => [point.time, point]));
  const all: Point[] = [];
  for (let time = Math.floor(from / interval) * interval; time < to; time += interval) {
    all.push(known.get(time) ?? { time, size: 0, in: 0, out: 0 });
  }
  return all;
}
