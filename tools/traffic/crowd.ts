/**
 * The crowded capture: a set number of TCP connections, all open at the same time, that speak HTTP, TLS or nothing that
 * is known. Made once; the same number gives the same file.
 */
import { type Conn, type LogRecord, Random } from '../../packages/core/src/index.ts';
import { madeOnce } from './cached.ts';
import { Noise, speeches } from './messages.ts';
import { addConversation } from './office.ts';
import { PacketPile } from './packet-pile.ts';

/** Part of the file's name: a new one makes a new file. */
const VERSION = 1;
const START = Date.UTC(2026, 2, 12, 9);
/** All begin within the first, and none ends before the second; nobody is silent for long enough to be forgotten. ms */
const OPENING = 100_000;
const STAYING = 110_000;
const SEED = 22;
const UP = 200;
const DOWN = 400;
/** For the frames of a connection, bytes. */
const ROOM = 4_000;
/** Connections of one client. */
const PORTS = 200;

/** Path of the capture, which is made where it is missing; 2 KB a connection. */
export function crowdedCapture(connections: number): Promise<string> {
  return madeOnce(`crowd-${VERSION}-${connections}.pcap`, (file) => {
    const random = new Random(SEED);
    const noise = new Noise(random.fork(1));
    const pile = new PacketPile(connections * ROOM);
    for (let i = 0; i < connections; i++) {
      const [conn, ...others] = conversation(i);
      const begin = random.next() * OPENING;
      const duration = STAYING - begin + random.next() * OPENING;
      const said = speeches(conn, others, UP, DOWN, noise);
      addConversation(pile, conn, said, { ts: START + begin, duration }, random);
    }
    pile.write(file);
  });
}

/** Of five connections one is TLS, three are HTTP and one is neither. */
function conversation(i: number): [Conn, ...LogRecord[]] {
  const client = Math.floor(i / PORTS);
  const kind = i % 5;
  const head = {
    ts: START,
    uid: `C${i}`,
    source_ip: `10.${1 + (client >> 8)}.${client & 255}.7`,
    source_port: 20_000 + (i % PORTS),
    dest_ip: `198.51.${client % 100}.${1 + (i % 250)}`,
    dest_port: kind === 0 ? 443 : kind === 4 ? 7_001 : 80,
  };
  const conn: Conn = { kind: 'conn', ...head, proto: 'tcp', conn_state: 'SF', missed_bytes: 0 };
  if (kind === 4) return [conn];
  const host = `host-${client}.example.com`;
  if (kind === 0)
    return [conn, { kind: 'ssl', ...head, server_name: host, resumed: false, established: true }];
  const lengths = { request_body_len: 0, response_body_len: DOWN };
  return [conn, { kind: 'http', ...head, host, uri: `/page/${i}`, trans_depth: 1, ...lengths, tags: [] }];
}
