/** Puts what machines do into records: connections with the protocol records that go with them. */
import { connectionUid, hashText, type LogRecord, type Random, SECOND } from '@thymus/core';
import type { Estate, Machine } from './estate.ts';
import type { Site } from './world.ts';

/** One end of a connection. */
export interface End {
  ip: string;
  mac: string;
}

export interface Transfer {
  up: number;
  down: number;
  /** ms */
  duration: number;
}

export interface Connection extends Transfer {
  ts: number;
  from: End;
  to: End;
  port: number;
  proto?: 'tcp' | 'udp' | 'icmp';
  service?: string;
  /** How it went; an answered connection that was closed by default. */
  outcome?: 'done' | 'refused' | 'unanswered' | 'reset';
}

const PACKET = 1400;
const OUTCOMES = {
  done: { conn_state: 'SF', tcp: 'ShADadFf', udp: 'Dd' },
  refused: { conn_state: 'REJ', tcp: 'Sr', udp: 'D' },
  unanswered: { conn_state: 'S0', tcp: 'S', udp: 'D' },
  reset: { conn_state: 'RSTO', tcp: 'ShADadR', udp: 'Dd' },
} as const;

export class Wire {
  readonly #estate: Estate;
  readonly #emit: (record: LogRecord) => void;
  readonly #internal = (ip: string) => ip.startsWith('10.');

  constructor(estate: Estate, emit: (record: LogRecord) => void) {
    this.#estate = estate;
    this.#emit = emit;
  }

  emit(record: LogRecord): void {
    this.#emit(record);
  }

  /** A host outside, behind the gateway. */
  outside(ip: string): End {
    return { ip, mac: this.#estate.gatewayMac };
  }

  /** Writes a connection; returns what its other records share with it. */
  connect(random: Random, c: Connection) {
    const proto = c.proto ?? 'tcp';
    const outcome = OUTCOMES[c.outcome ?? 'done'];
    const hasData = outcome.conn_state === 'SF' || outcome.conn_state === 'RSTO';
    const source_port = proto === 'icmp' ? 8 : random.integer(49_152, 65_535);
    const ts = Math.round(c.ts * 1000) / 1000;
    const ends = {
      source_ip: c.from.ip,
      source_port,
      dest_ip: c.to.ip,
      dest_port: proto === 'icmp' ? 0 : c.port,
    };
    const uid = connectionUid(
      ts,
      hashText(`${ends.source_ip}|${source_port}|${ends.dest_ip}|${ends.dest_port}|${proto}`),
    );
    const overhead = proto === 'tcp' ? 40 : 28;
    const [up, down] =
      hasData || proto !== 'tcp' ? [Math.round(c.up), hasData ? Math.round(c.down) : 0] : [0, 0];
    const handshake = proto === 'tcp' && hasData ? 3 : 0;
    const orig_pkts = Math.max(
      1,
      handshake + Math.ceil(up / PACKET) + (proto === 'tcp' ? Math.ceil(down / PACKET / 2) : 0),
    );
    const answered = hasData || outcome.conn_state === 'REJ';
    const resp_pkts = answered
      ? Math.max(1, handshake + Math.ceil(down / PACKET) + (proto === 'tcp' ? Math.ceil(up / PACKET / 2) : 0))
      : 0;
    this.#emit({
      kind: 'conn',
      ts,
      uid,
      ...ends,
      proto,
      ...(c.service && hasData ? { service: c.service } : {}),
      ...(answered || outcome.conn_state === 'S0' ? { duration: answered ? c.duration : undefined } : {}),
      ...(hasData || proto !== 'tcp' ? { orig_bytes: up, resp_bytes: down } : {}),
      conn_state: outcome.conn_state,
      local_orig: this.#internal(c.from.ip),
      local_resp: this.#internal(c.to.ip),
      missed_bytes: 0,
      history: proto === 'tcp' ? outcome.tcp : outcome.udp,
      orig_pkts,
      orig_ip_bytes: up + orig_pkts * overhead,
      resp_pkts,
      resp_ip_bytes: down + resp_pkts * overhead,
      ip_proto: { tcp: 6, udp: 17, icmp: 1 }[proto],
      orig_l2_addr: c.from.mac,
      resp_l2_addr: c.to.mac,
    });
    return { ts, uid, ...ends, end: ts + c.duration };
  }

  /** Asks the office's name server. `address` undefined = the name does not exist. */
  lookUp(
    random: Random,
    machine: Machine,
    ts: number,
    query: string,
    address: string | undefined,
    qtype = 'A',
  ): void {
    const rtt = random.logNormal(8, 0.8);
    const base = this.connect(random, {
      ts,
      from: machine,
      to: this.#estate.domainController,
      port: 53,
      proto: 'udp',
      service: 'dns',
      up: 17 + query.length,
      down: 33 + query.length + (address ? 16 : 60),
      duration: rtt,
    });
    this.#emit({
      kind: 'dns',
      ts: base.ts,
      uid: base.uid,
      source_ip: base.source_ip,
      source_port: base.source_port,
      dest_ip: base.dest_ip,
      dest_port: base.dest_port,
      proto: 'udp',
      trans_id: random.integer(0, 65_535),
      rtt,
      query,
      qclass: 1,
      qclass_name: 'C_INTERNET',
      qtype: qtype === 'A' ? 1 : 16,
      qtype_name: qtype,
      rcode: address ? 0 : 3,
      rcode_name: address ? 'NOERROR' : 'NXDOMAIN',
      AA: false,
      TC: false,
      RD: true,
      RA: true,
      Z: 0,
      ...(address ? { answers: [address], TTLs: [300 * SECOND] } : {}),
      rejected: false,
    });
  }

  /** A visit to a site: name, connection, and its TLS or HTTP record. */
  visit(random: Random, machine: Machine, ts: number, site: Site, transfer: Transfer, isKnown = false): void {
    const address = random.pick(site.addresses);
    if (!isKnown) this.lookUp(random, machine, ts - 30, site.host, address);
    const base = this.connect(random, {
      ts,
      from: machine,
      to: this.outside(address),
      port: site.isPlain ? 80 : 443,
      service: site.isPlain ? 'http' : 'ssl',
      ...transfer,
    });
    const { end: _, ...head } = base;
    if (site.isPlain) {
      this.#emit({
        kind: 'http',
        ...head,
        trans_depth: 1,
        method: transfer.up > transfer.down ? 'POST' : 'GET',
        host: site.host,
        uri: '/',
        version: '1.1',
        user_agent: machine.browser.userAgent,
        request_body_len: transfer.up > transfer.down ? Math.round(transfer.up) : 0,
        response_body_len: Math.round(transfer.down),
        status_code: 200,
        status_msg: 'OK',
        tags: [],
      });
      return;
    }
    this.#emit({
      kind: 'ssl',
      ...head,
      version: 'TLSv13',
      cipher: 'TLS_AES_128_GCM_SHA256',
      curve: 'x25519',
      server_name: site.host,
      resumed: random.chance(0.2),
      next_protocol: 'h2',
      established: true,
      ja3: machine.browser.ja3,
      ja4: machine.browser.ja4,
    });
  }
}
