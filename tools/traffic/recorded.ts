/** Small public captures of many protocols, each fit to stand at another place and in other networks. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { readCaptures } from '../../packages/capture/src/index.ts';
import { findIp } from './readdress.ts';

export interface RecordedFrame {
  /** ms since the capture began, never running backwards. */
  offset: number;
  bytes: Buffer;
}

export interface Recording {
  frames: RecordedFrame[];
  /** ms */
  duration: number;
  /** Carries packets in packets, whose inner addresses stay: no second copy makes sense. */
  isTunnel: boolean;
}

const ETHERNET = 1;
/** An Ethernet frame with two VLAN tags. */
const LONGEST = 1522;
const LEFT_OUT = /flood|fuzz|trunc|bruteforce|1000-requests/;

/** IP in IP, GRE, ESP; VXLAN (two ports), GENEVE, GTP-U, Teredo, AYIYA. */
const TUNNEL_PROTOCOLS = new Set([4, 41, 47, 50]);
const TUNNEL_PORTS = new Set([4789, 8472, 6081, 2152, 3544, 5072]);

/** The captures of a folder but floods, broken ones and those that take longer than `longest` ms. */
export async function readRecordings(folder: string, longest: number): Promise<Recording[]> {
  const paths = globSync('**/*.{pcap,pcapng,pcap.gz,cap}', { cwd: folder }).sort();
  const recordings: Recording[] = [];
  for (const path of paths) {
    if (LEFT_OUT.test(path)) continue;
    const recording = await read(join(folder, path));
    if (recording && recording.duration <= longest) recordings.push(recording);
  }
  return recordings;
}

async function read(path: string): Promise<Recording | undefined> {
  const frames: RecordedFrame[] = [];
  let first: number | undefined;
  let offset = 0;
  let isFit = true;
  const { faults } = await readCaptures([path], {
    packet(bytes, at, caplen, wirelen, ts, linktype) {
      first ??= ts;
      offset = Math.max(offset, ts - first);
      isFit &&= linktype === ETHERNET && caplen === wirelen && caplen <= LONGEST;
      frames.push({ offset, bytes: Buffer.from(bytes.subarray(at, at + caplen)) });
    },
  });
  if (!isFit || faults.length > 0 || frames.length === 0) return undefined;
  return { frames, duration: offset, isTunnel: frames.some(({ bytes }) => isTunnelled(bytes)) };
}

function isTunnelled(b: Buffer): boolean {
  const ip = findIp(b, 0, b.length);
  if (!ip) return false;
  if (TUNNEL_PROTOCOLS.has(ip.protocol)) return true;
  if (ip.protocol !== 17 || ip.inner + 8 > b.length) return false;
  return TUNNEL_PORTS.has(b.readUInt16BE(ip.inner)) || TUNNEL_PORTS.has(b.readUInt16BE(ip.inner + 2));
}
