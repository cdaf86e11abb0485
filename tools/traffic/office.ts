/** The traffic of an office as frames, from the connections that the simulator plans: sizes are cut, not the number. */
import {
  type Conn,
  ethernetFrame,
  ipPacket,
  type LogRecord,
  Random,
  TCP_FLAGS,
  type Transport,
  tcpSegment,
  udpDatagram,
} from '../../packages/core/src/index.ts';
import { demoEstate } from '../../packages/simulate/src/index.ts';
import { Noise, type Speech, speeches } from './messages.ts';
import type { PacketPile } from './packet-pile.ts';

export interface Office {
  seed: number;
  /** Where connections are placed, ms since the epoch, and for how long. */
  from: number;
  duration: number;
  /** Stops when this many bytes of frames were written. */
  bytes: number;
}

const { SYN, ACK, PSH, RST, FIN } = TCP_FLAGS;

/** A Tuesday, and the days before that the simulator wants. */
const DAY = Date.UTC(2026, 2, 10);
const MS_PER_DAY = 86_400_000;
const SEGMENT = 1_400;
/** Transfers of gigabytes would be all there is: in bytes. */
const MOST_UP = 6_000;
const MOST_DOWN = 24_000;
const LONGEST = 60_000;
const ROUND_TRIP = 12;

/** Puts the connections of a working day, in random order, on the pile. */
export function addOffice(pile: PacketPile, office: Office): void {
  const random = new Random(office.seed);
  const noise = new Noise(random.fork(1));
  const stop = pile.at + office.bytes;
  for (const [conn, ...others] of shuffled(conversations(office.seed), random)) {
    if (pile.at >= stop) return;
    const duration = Math.min(conn.duration ?? 0, LONGEST);
    const ts = office.from + random.next() * (office.duration - duration);
    const up = Math.min(conn.orig_bytes ?? 0, MOST_UP);
    const down = Math.min(conn.resp_bytes ?? 0, MOST_DOWN);
    addConversation(pile, conn, speeches(conn, others, up, down, noise), { ts, duration }, random);
  }
}

/** Puts one connection on the pile: from `ts` on, ms since the epoch, for `duration` ms if it is TCP. */
export function addConversation(
  pile: PacketPile,
  conn: Conn,
  said: readonly Speech[],
  { ts, duration }: { ts: number; duration: number },
  random: Random,
): void {
  const writer = new FrameWriter(pile, conn, random.u32() & 0xffff);
  if (conn.proto === 'udp') writeDatagrams(writer, conn, said, ts);
  if (conn.proto === 'tcp') new TcpWriter(writer, conn, random, ts, duration).write(said);
}

type Conversation = [conn: Conn, ...others: LogRecord[]];

/** Connections with the records of their protocols. */
function conversations(seed: number): Conversation[] {
  const { records } = demoEstate({ seed, devices: 60, days: 7, end: DAY + MS_PER_DAY });
  const conns: Conn[] = [];
  const others = new Map<string, LogRecord[]>();
  for (const record of records) {
    if (record.ts < DAY || !('uid' in record) || record.uid === undefined) continue;
    if (record.kind === 'conn') conns.push(record);
    else if (others.has(record.uid)) others.get(record.uid)!.push(record);
    else others.set(record.uid, [record]);
  }
  return conns.map((conn) => [conn, ...(others.get(conn.uid) ?? [])]);
}

function shuffled<T>(list: T[], random: Random): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const other = random.integer(0, i);
    [list[i], list[other]] = [list[other]!, list[i]!];
  }
  return list;
}

/** Puts the frames of one connection on the pile; `isUp` = from the originator. */
class FrameWriter {
  readonly #pile: PacketPile;
  readonly #conn: Conn;
  #id: number;

  constructor(pile: PacketPile, conn: Conn, id: number) {
    this.#pile = pile;
    this.#conn = conn;
    this.#id = id;
  }

  tcp(ts: number, isUp: boolean, header: Segment, payload?: Buffer): void {
    // MSS 1400, SACK permitted, window scale 7: what a SYN carries.
    const options = header.flags & SYN ? { options: Buffer.from('02040578040201030307', 'hex') } : {};
    this.#put(ts, isUp, tcpSegment({ ...this.#ports(isUp), ...header, ...options }, payload));
  }

  udp(ts: number, isUp: boolean, payload: Buffer): void {
    const { sourcePort, destPort } = this.#ports(isUp);
    this.#put(ts, isUp, udpDatagram(sourcePort, destPort, payload));
  }

  #ports(isUp: boolean): { sourcePort: number; destPort: number } {
    const { source_port, dest_port } = this.#conn;
    return isUp
      ? { sourcePort: source_port!, destPort: dest_port! }
      : { sourcePort: dest_port!, destPort: source_port! };
  }

  #put(ts: number, isUp: boolean, transport: Transport): void {
    const { source_ip, dest_ip, orig_l2_addr, resp_l2_addr } = this.#conn;
    const ips = [source_ip!, dest_ip!] as const;
    const macs = [orig_l2_addr ?? '02:00:00:00:00:01', resp_l2_addr ?? '02:00:00:00:00:02'] as const;
    const [from, to] = isUp ? ([0, 1] as const) : ([1, 0] as const);
    const id = this.#id++ & 0xffff;
    const packet = ipPacket({ source: ips[from], dest: ips[to], id }, transport);
    this.#pile.add(ts, ethernetFrame({ source: macs[from], dest: macs[to] }, packet));
  }
}

type Segment = { flags: number; seq: number; ack: number };

function writeDatagrams(writer: FrameWriter, conn: Conn, said: readonly Speech[], ts: number): void {
  const answered = said.filter(({ isUp }) => isUp || (conn.resp_pkts ?? 0) > 0);
  for (const [i, { isUp, bytes }] of answered.entries())
    writer.udp(ts + i * ROUND_TRIP, isUp, bytes.subarray(0, SEGMENT));
}

/** One TCP connection: handshake, data with every second segment acknowledged, and its end. */
class TcpWriter {
  readonly #writer: FrameWriter;
  readonly #conn: Conn;
  /** Next sequence numbers: originator, responder. */
  readonly #next: [number, number];
  #ts: number;
  readonly #end: number;

  constructor(writer: FrameWriter, conn: Conn, random: Random, ts: number, duration: number) {
    this.#writer = writer;
    this.#conn = conn;
    this.#next = [random.u32(), random.u32()];
    this.#ts = ts;
    this.#end = ts + duration;
  }

  write(said: readonly Speech[]): void {
    const { conn_state } = this.#conn;
    this.#send(true, SYN);
    if (conn_state === 'S0') return;
    this.#ts += ROUND_TRIP;
    if (conn_state === 'REJ') {
      this.#send(false, RST | ACK);
      return;
    }
    this.#send(false, SYN | ACK);
    this.#send(true, ACK);
    for (const [i, speech] of said.entries()) this.#say(speech, said.length - i);
    this.#ts = Math.max(this.#ts, this.#end);
    if (conn_state === 'RSTO') this.#send(true, RST | ACK);
    else this.#close();
  }

  /** The time that is left is shared among the speeches to come. */
  #say({ isUp, bytes }: Speech, left: number): void {
    const segments = Math.ceil(bytes.length / SEGMENT);
    const step = Math.max(0.05, (this.#end - this.#ts) / left / (segments + 1));
    for (let i = 0; i < segments; i++) {
      this.#ts += step;
      const payload = bytes.subarray(i * SEGMENT, (i + 1) * SEGMENT);
      const isLast = i === segments - 1;
      this.#send(isUp, isLast ? ACK | PSH : ACK, payload);
      if (i % 2 === 1 || isLast) this.#send(!isUp, ACK);
    }
  }

  #close(): void {
    this.#send(true, FIN | ACK);
    this.#ts += ROUND_TRIP;
    this.#send(false, FIN | ACK);
    this.#send(true, ACK);
  }

  #send(isUp: boolean, flags: number, payload?: Buffer): void {
    const own = isUp ? 0 : 1;
    const other = isUp ? 1 : 0;
    const ack = flags & ACK ? this.#next[other] : 0;
    this.#writer.tcp(this.#ts, isUp, { flags, seq: this.#next[own], ack }, payload);
    this.#next[own] += (payload?.length ?? 0) + (flags & (SYN | FIN) ? 1 : 0);
    this.#ts += 0.05;
  }
}
