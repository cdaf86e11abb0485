/** Records of connections from the flow table: conn at the end, conn_update while open, and their identity. */
import { type Conn, type ConnUpdate, connectionUid, mix32 } from '@thymus/core';
import type { Addresses } from './addresses.ts';
import { communityId } from './community-id.ts';
import { tcpState, udpState } from './conn-state.ts';
import type { History } from './history.ts';
import type { Identity } from './identity.ts';
import {
  BITS,
  DST,
  FIRST_SEQ,
  FLOW_SHIFT,
  HAS_MAC,
  HASH,
  IP_BYTES,
  LAST_F,
  MAC_HIGH,
  MAC_LOW,
  MISSED_F,
  ORIG,
  PACKETS,
  PAYLOAD,
  PORTS,
  PRINT,
  PROTOCOL,
  RESP,
  SRC,
  START_F,
  VLANS,
  VNI,
} from './layout.ts';
import { reportedSize } from './sizes.ts';
import type { FlowTable } from './table.ts';

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMP6 = 58;

export const transportName = (proto: number): string =>
  proto === TCP
    ? 'tcp'
    : proto === UDP
      ? 'udp'
      : proto === ICMP || proto === ICMP6
        ? 'icmp'
        : 'unknown_transport';

export class ConnRecords {
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #addresses: Addresses;
  readonly #wantsOwn: boolean;
  /** uids of the tunnels around flows; only those inside a tunnel stand here. */
  readonly #tunnels = new Map<number, string[]>();

  constructor(table: FlowTable, history: History, addresses: Addresses, wantsOwn: boolean) {
    this.#wantsOwn = wantsOwn;
    this.#table = table;
    this.#history = history;
    this.#addresses = addresses;
  }

  /** Who a flow is. The texts are made here, so ask only when a record needs them. */
  identify(flow: number): Identity {
    const { words: w, floats } = this.#table;
    const base = flow << FLOW_SHIFT;
    const ts = floats[(base >> 1) + START_F]!;
    const ports = w[base + PORTS]!;
    const source = this.#addresses.of(w, base + SRC);
    const dest = this.#addresses.of(w, base + DST);
    return {
      ts,
      uid: connectionUid(ts, w[base + HASH]!),
      source_ip: source.text,
      source_port: ports >>> 16,
      dest_ip: dest.text,
      dest_port: ports & 0xffff,
      local_orig: source.isLocal,
      local_resp: dest.isLocal,
    };
  }

  /** Notes a tunnel around a flow. */
  addTunnel(flow: number, uid: string): void {
    const known = this.#tunnels.get(flow);
    if (!known) this.#tunnels.set(flow, [uid]);
    else if (!known.includes(uid)) known.push(uid);
  }

  /** Forgets a flow that has ended. */
  drop(flow: number): void {
    if (this.#tunnels.size > 0) this.#tunnels.delete(flow);
  }

  /** Payload bytes that one end has sent. */
  payload(flow: number, end: number): number {
    const { words: w, floats } = this.#table;
    const base = flow << FLOW_SHIFT;
    const e = base + end;
    if (w[base + PROTOCOL] !== TCP) return floats[(e + PAYLOAD) >> 1]!;
    return reportedSize(w, e, end === ORIG ? base + RESP : base + ORIG);
  }

  /** The row of a flow as it stands now. Always the same fields in the same order, set or not: that is fastest. */
  row(
    kind: 'conn' | 'conn_update',
    flow: number,
    id: Identity,
    service: string | undefined,
  ): Conn | ConnUpdate {
    const { words: w, floats } = this.#table;
    const base = flow << FLOW_SHIFT;
    const half = base >> 1;
    const proto = w[base + PROTOCOL]!;
    const history = this.#history.text(flow);
    const { ts } = id;
    const duration = floats[half + LAST_F]! - ts;
    // Zeek leaves duration and sizes unset for what took no time at all.
    const hasLasted = duration > 0;
    const own = this.#wantsOwn;
    return {
      kind,
      ts,
      uid: id.uid,
      source_ip: id.source_ip,
      source_port: id.source_port,
      dest_ip: id.dest_ip,
      dest_port: id.dest_port,
      proto: transportName(proto),
      service,
      duration: hasLasted ? duration : undefined,
      orig_bytes: hasLasted ? this.payload(flow, ORIG) : undefined,
      resp_bytes: hasLasted ? this.payload(flow, RESP) : undefined,
      conn_state: this.#state(base, proto, history),
      local_orig: id.local_orig,
      local_resp: id.local_resp,
      missed_bytes: floats[half + MISSED_F]!,
      history: history === '' ? undefined : history,
      orig_pkts: w[base + ORIG + PACKETS]!,
      orig_ip_bytes: floats[(base + ORIG + IP_BYTES) >> 1]!,
      resp_pkts: w[base + RESP + PACKETS]!,
      resp_ip_bytes: floats[(base + RESP + IP_BYTES) >> 1]!,
      tunnel_parents: this.#tunnels.size > 0 ? this.#tunnels.get(flow) : undefined,
      ip_proto: proto,
      community_id: own ? communityId(w, base) : undefined,
      vlan: numberOf(w[base + VLANS]! & 0xffff),
      orig_l2_addr: own ? macText(w, base + ORIG) : undefined,
      resp_l2_addr: own ? macText(w, base + RESP) : undefined,
      fingerprint: own ? this.#fingerprint(base, proto) : undefined,
      inner_vlan: numberOf(w[base + VLANS]! >>> 16),
      vni: numberOf(w[base + VNI]!),
    };
  }

  #state(base: number, proto: number, history: string): string {
    const w = this.#table.words;
    if (proto === TCP) return tcpState(w, base, history);
    return proto === UDP ? udpState(w, base) : 'OTH';
  }

  /** The same at every sensor that saw the connection whole. */
  #fingerprint(base: number, proto: number): number {
    const w = this.#table.words;
    const field = proto === TCP ? FIRST_SEQ : PRINT;
    return mix32(w[base + ORIG + field]! ^ Math.imul(mix32(w[base + RESP + field]!), 0x9e3779b1));
  }
}

/** A number that is kept plus one, so that 0 says that there is none. */
const numberOf = (kept: number): number | undefined => (kept === 0 ? undefined : kept - 1);

/** The MAC address of an endpoint, or undefined where the link has none. */
function macText(w: Int32Array, e: number): string | undefined {
  if ((w[e + BITS]! & HAS_MAC) === 0) return undefined;
  const high = w[e + MAC_HIGH]!;
  const low = w[e + MAC_LOW]!;
  return `${HEX[high >>> 8]}:${HEX[high & 255]}:${HEX[low >>> 24]}:${HEX[(low >>> 16) & 255]}:${HEX[(low >>> 8) & 255]}:${HEX[low & 255]}`;
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
