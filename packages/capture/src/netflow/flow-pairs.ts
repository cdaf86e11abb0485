/**
 * Connections out of flows: exporters tell each direction on its own. The first direction waits a while for the other;
 * both together are a connection, one alone is what was seen. Payload sizes are estimated: flows count IP bytes.
 */
import { type Conn, connectionUid, hashText } from '@thymus/core';
import type { Flow } from './elements.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const TCP = 6;
const UDP = 17;
const PROTOCOLS = new Map([
  [1, 'icmp'],
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [58, 'icmp'],
]);
/** IP and transport headers of one packet, without options. */
const HEADERS = new Map([
  [1, 28],
  [TCP, 40],
  [UDP, 28],
]);
const OTHER_HEADERS = 20;

/** How long the first direction waits, ms: exporters send both within a second or two. */
const WAIT = 5000;
/** Flows that wait at most; the oldest then go alone. */
const MOST_WAITING = 65_536;

interface Waiting {
  flow: Flow;
  /** When it came, ms. */
  since: number;
}

export class FlowPairs {
  readonly #emit: (conn: Conn) => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(emit: (conn: Conn) => void) {
    this.#emit = emit;
  }

  /** Takes a flow that came now (ms). */
  add(flow: Flow, now: number): void {
    this.advance(now);
    if (flow.backPackets > 0) {
      this.#emit(connOf(flow));
      return;
    }
    const back = this.#waiting.get(keyOf(flow.dest, flow.destPort, flow.source, flow.sourcePort, flow.proto));
    if (back) {
      this.#waiting.delete(keyOfFlow(back.flow));
      this.#emit(connOf(join(back.flow, flow)));
      return;
    }
    const key = keyOfFlow(flow);
    const before = this.#waiting.get(key);
    if (before) this.#end(key, before);
    this.#waiting.set(key, { flow, since: now });
    if (this.#waiting.size > MOST_WAITING) this.#endOldest();
  }

  /** Ends the wait of those whose time is up. */
  advance(now: number): void {
    for (const [key, waiting] of this.#waiting) {
      if (now - waiting.since < WAIT) return;
      this.#end(key, waiting);
    }
  }

  finish(): void {
    this.advance(Number.POSITIVE_INFINITY);
  }

  #endOldest(): void {
    for (const [key, waiting] of this.#waiting) {
      this.#end(key, waiting);
      return;
    }
  }

  #end(key: string, { flow }: Waiting): void {
    this.#waiting.delete(key);
    this.#emit(connOf(flow));
  }
}

const keyOf = (source: string, sourcePort: number, dest: string, destPort: number, proto: number): string =>
  `${proto}|${source}|${sourcePort}|${dest}|${destPort}`;

const keyOfFlow = (f: Flow): string => keyOf(f.source, f.sourcePort, f.dest, f.destPort, f.proto);

/** One flow of both directions; it begins with the earlier. */
function join(one: Flow, other: Flow): Flow {
  const first = other.start < one.start || (other.start === one.start && isAnswer(one)) ? other : one;
  const second = first === one ? other : one;
  return {
    ...first,
    backPackets: second.packets,
    backBytes: second.bytes,
    backFlags: second.flags,
    end: Math.max(one.end, other.end),
  };
}

/** True if the source is a server by its port. */
const isAnswer = ({ proto, sourcePort, destPort }: Flow): boolean =>
  (proto === TCP || proto === UDP) && sourcePort < destPort && sourcePort < 10_000;

const turned = (f: Flow): Flow => ({
  ...f,
  source: f.dest,
  dest: f.source,
  sourcePort: f.destPort,
  destPort: f.sourcePort,
  packets: f.backPackets,
  bytes: f.backBytes,
  flags: f.backFlags,
  backPackets: f.packets,
  backBytes: f.bytes,
  backFlags: f.flags,
});

function connOf(given: Flow): Conn {
  const isLone = given.packets === 0 || given.backPackets === 0;
  const f = isLone && given.packets > 0 && isAnswer(given) ? turned(given) : given;
  const headers = HEADERS.get(f.proto) ?? OTHER_HEADERS;
  const payload = (bytes: number, packets: number) => Math.max(0, bytes - packets * headers);
  const tuple = [f.proto, f.source, f.sourcePort, f.dest, f.destPort].join('|');
  return {
    kind: 'conn',
    ts: f.start,
    uid: connectionUid(f.start, hashText(tuple)),
    source_ip: f.source,
    source_port: f.sourcePort,
    dest_ip: f.dest,
    dest_port: f.destPort,
    proto: PROTOCOLS.get(f.proto) ?? 'unknown_transport',
    duration: f.end - f.start,
    orig_bytes: payload(f.bytes, f.packets),
    resp_bytes: payload(f.backBytes, f.backPackets),
    conn_state: stateOf(f),
    missed_bytes: 0,
    orig_pkts: f.packets,
    orig_ip_bytes: f.bytes,
    resp_pkts: f.backPackets,
    resp_ip_bytes: f.backBytes,
    ip_proto: f.proto,
    ...(f.vlan > 0 ? { vlan: f.vlan } : {}),
  };
}

/** Zeek's words for how it went, as far as counts and the flags of all packets tell. */
function stateOf({ proto, packets, backPackets, flags, backFlags }: Flow): string {
  if (proto !== TCP) return proto !== UDP ? 'OTH' : backPackets === 0 ? 'S0' : packets === 0 ? 'SHR' : 'SF';
  if ((flags & SYN) === 0) return 'OTH';
  if (backPackets === 0) return (flags & FIN) !== 0 ? 'SH' : (flags & RST) !== 0 ? 'RSTOS0' : 'S0';
  if ((backFlags & SYN) === 0) return (backFlags & RST) !== 0 ? 'REJ' : 'OTH';
  if ((flags & RST) !== 0) return 'RSTO';
  if ((backFlags & RST) !== 0) return 'RSTR';
  const fins = (flags & FIN) + (backFlags & FIN);
  if (fins === 0) return 'S1';
  return fins === 2 ? 'SF' : (flags & FIN) !== 0 ? 'S2' : 'S3';
}
