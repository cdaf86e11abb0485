/**
 * Mirrors of cloud networks, received as an ordinary UDP service, without any privilege: VXLAN (RFC 7348, port 4789)
 * and GENEVE (RFC 8926, port 6081). Each datagram is handed on with the IP and UDP headers that it came with, made
 * anew, so that it is unwrapped and told of as if it had been captured.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { internetChecksum, isMappedV4, parseAddress } from '@thymus/core';
import type { InterfaceStats } from '../live/capture-interfaces.ts';
import type { PacketSink } from '../source.ts';

export interface MirrorAddress {
  host: string;
  port: number;
}

const RAW_IP = 101;
const UDP = 17;
const LARGEST = 65_535;
const V4_HEADER = 20;
const V6_HEADER = 40;
/** As much as the kernel allows, up to this. */
const SOCKET_BUFFER = 33_554_432;
const RETRY_AFTER = 5000;

export class MirrorReceiver {
  readonly #address: MirrorAddress;
  readonly #sink: PacketSink;
  readonly #now: () => number;
  readonly #packet = Buffer.alloc(V6_HEADER + 8 + LARGEST);
  readonly #stats: InterfaceStats;
  #local = new Uint8Array(16);
  #identification = 0;

  /** `now` gives ms since the epoch. */
  constructor(address: MirrorAddress, sink: PacketSink, now: () => number) {
    this.#address = address;
    this.#sink = sink;
    this.#now = now;
    this.#stats = {
      name: `udp ${address.port}`,
      isUp: false,
      fault: '',
      restarts: 0,
      packets: 0,
      bytes: 0,
      received: 0,
      dropped: 0,
      deviceDropped: 0,
    };
  }

  get stats(): InterfaceStats {
    const dropped = socketDrops(this.#address.port);
    return { ...this.#stats, dropped, received: this.#stats.packets + dropped };
  }

  /** Receives until the signal; tries again where the address cannot be used. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const socket = createSocket(this.#address.host.includes(':') ? 'udp6' : 'udp4');
      try {
        await this.#receive(socket, signal);
      } catch (error) {
        if (!signal.aborted) this.#stats.fault = this.#reasonOf(error);
      } finally {
        this.#stats.isUp = false;
        await new Promise<void>((resolve) => socket.close(resolve));
      }
      await wait(RETRY_AFTER, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) this.#stats.restarts++;
    }
  }

  #reasonOf(error: unknown): string {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const { host, port } = this.#address;
    return `${host}:${port} cannot be listened on (${error.code}).`;
  }

  async #receive(socket: Socket, signal: AbortSignal): Promise<void> {
    let failed: unknown;
    const stop = new AbortController();
    const end = AbortSignal.any([signal, stop.signal]);
    const { host, port } = this.#address;
    socket.bind(port, host);
    await once(socket, 'listening', { signal });
    setBuffer(socket);
    this.#local = localAddress(host);
    this.#stats.isUp = true;
    this.#stats.fault = '';
    socket.on('message', (bytes, from) => {
      try {
        this.#take(bytes, from);
      } catch (error) {
        failed = error;
        stop.abort();
      }
    });
    await once(socket, 'error', { signal: end }).catch(() => undefined);
    if (failed !== undefined) throw failed;
  }

  #take(bytes: Buffer, from: RemoteInfo): void {
    const remote = parseAddress(from.address);
    if (!remote) return;
    const isV4 = isMappedV4(remote);
    const header = isV4 ? V4_HEADER : V6_HEADER;
    const length = bytes.length + 8;
    const p = this.#packet;
    if (isV4) this.#writeV4(remote, length);
    else this.#writeV6(remote, length);
    p.writeUInt16BE(from.port, header);
    p.writeUInt16BE(this.#address.port, header + 2);
    p.writeUInt16BE(Math.min(LARGEST, length), header + 4);
    // Without a checksum: the kernel has checked it.
    p.writeUInt16BE(0, header + 6);
    p.set(bytes, header + 8);
    const total = header + length;
    this.#stats.packets++;
    this.#stats.bytes += total;
    this.#sink.packet(p, 0, total, total, this.#now(), RAW_IP);
  }

  #writeV4(remote: Uint8Array, length: number): void {
    const p = this.#packet;
    this.#identification = (this.#identification + 1) & 0xffff;
    p.fill(0, 0, V4_HEADER);
    p[0] = 0x45;
    p.writeUInt16BE(Math.min(LARGEST, V4_HEADER + length), 2);
    p.writeUInt16BE(this.#identification, 4);
    p[8] = 64;
    p[9] = UDP;
    p.set(remote.subarray(12), 12);
    p.set(this.#local.subarray(12), 16);
    p.writeUInt16BE(internetChecksum(p.subarray(0, V4_HEADER)), 10);
  }

  #writeV6(remote: Uint8Array, length: number): void {
    const p = this.#packet;
    p.fill(0, 0, 8);
    p[0] = 0x60;
    p.writeUInt16BE(Math.min(LARGEST, length), 4);
    p[6] = UDP;
    p[7] = 64;
    p.set(remote, 8);
    p.set(this.#local, 24);
  }
}

/** The kernel refuses what is above its limit. */
function setBuffer(socket: Socket): void {
  for (let bytes = SOCKET_BUFFER; bytes >= 262_144; bytes /= 2) {
    try {
      socket.setRecvBufferSize(bytes);
      return;
    } catch {
      // Half as much may be allowed.
    }
  }
}

/** The address that mirrors send to: the one that is set, or the machine's first. */
function localAddress(host: string): Uint8Array<ArrayBuffer> {
  const isV6 = host.includes(':');
  const isAny = host === '0.0.0.0' || host === '::';
  const own = Object.values(networkInterfaces())
    .flat()
    .find((each) => each && !each.internal && each.family === (isV6 ? 'IPv6' : 'IPv4'));
  const text = isAny ? (own?.address ?? (isV6 ? '::1' : '127.0.0.1')) : host;
  return Uint8Array.from(parseAddress(text) ?? new Uint8Array(16));
}

/** Datagrams that sockets of a port dropped for want of room. proc(5), /proc/net/udp: the last column. */
function socketDrops(port: number): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops = 0;
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    let text = '';
    try {
      text = readFileSync(file, 'latin1');
    } catch {
      // There is no such table without IPv6, or on other systems.
    }
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(wanted)) drops += Number(columns.at(-1));
    }
  }
  return drops;
}
